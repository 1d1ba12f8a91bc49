---@meta _
-- What an editor knows of agents; see rcml.lua.

---An engine: its listeners, its calls. Fields that are not its methods are yours: `agent.started = os.time()`.
---@class rcml.agent
---@field on_error? fun(message: string)  gets the errors of handlers, with traceback
---@field [string] any
local agent = {}

---Sets one setting. Calls under way keep those they began with. rcml.settings() lists them.
---@param name string
---@param value string|number|boolean?  nil = its default again, or what `preset` says of it
---@return true? done
---@return rcml.error? err
---@see rcml_agent_set
function agent:set(name, value) end

---Reads one setting, as agent:set takes it. A secret is not read back: "***" says that there is one.
---@param name string
---@return string|number|boolean? value
---@return rcml.error? err  name "setting", with the nearest name
---@see rcml_agent_get
function agent:get(name) end

---Opens a listener.
---@param address string  "udp:127.0.0.1:5060", "tcp:[::1]:5060", "tls:192.0.2.1:5061" (wants tls_certificate); port 0 = any free one; ";public=HOST" or ";public=HOST:PORT" behind it: how this one is known outside a NAT
---@return string? uri  as it is bound
---@return rcml.error? err
---@see rcml_agent_listen
function agent:listen(address) end

---Takes no more calls by a listener, so that its port can be used by somebody else; calls on it go on to their end. A TCP
---port is free at once, a UDP port when the last of its calls is over; callers get 503 there until then.
---@param uri string  as agent:listen returned it
---@return boolean? free  whether the port is free now
---@return rcml.error? err  "gone": there is no such listener, or no more
---@see rcml_agent_unlisten
function agent:unlisten(uri) end

---The SIP URIs of all listeners.
---@return string[]
---@see rcml_agent_listener
function agent:listeners() end

---What it has counted.
---@return rcml.counters? counters
---@return rcml.error? err
---@see rcml_agent_counters
function agent:counters() end

---The counters in the text format of Prometheus, to be served as text/plain; version=0.0.4.
---@return string? text
---@return rcml.error? err
---@see rcml_agent_metrics
function agent:metrics() end

---Writes a journal; before everything else.
---@param path string
---@return true? done
---@return rcml.error? err
---@see rcml_agent_journal
function agent:journal(path) end

---Keeps in memory what the last calls did, for agent:ladder; before everything else but the journal.
---@param calls integer  how many, 1..10000
---@return true? done
---@return rcml.error? err
---@see rcml_agent_trace
function agent:trace(calls) end

---Draws the ladder of calls that agent:trace has kept; or lists them, or says why they ended.
---@param options? rcml.ladder_options
---@return string? ladder
---@return rcml.error? err
---@see rcml_agent_ladder
function agent:ladder(options) end

---The document for those who call; nil = ask the handler "incoming".
---@param document? string|rcml.document
---@return true? done
---@return rcml.error? err
---@see rcml_agent_default_document
function agent:default_document(document) end

---Whom to call.
---@class rcml.call_options
---@field to string  sip:alice@192.0.2.7:5060;transport=tcp [rcml_call_options.party]
---@field from? string  who we are to them
---@field document? string|rcml.document  run when they answer; or the fields of one (url, text) beside `to`
---@field timeout? number  seconds it may ring, 1 to 600; then it ends no-answer; the setting call_timeout if absent
---@see rcml_call_options

---Calls somebody, and runs a document on them once they answer.
---@param options rcml.call_options
---@return rcml.call? call
---@return rcml.error? err
---@see rcml_agent_call
function agent:call(options) end

---A caller whom you have on a line of your own.
---@class rcml.host_call_options
---@field from? string  sip:alice@192.0.2.7, or a number or name alone; withheld if absent
---@field to? string  whom they called, likewise
---@field name? string  display name of the caller
---@field media? "linear16"|"pcmu"|"pcma"|"sdp"  linear16 if absent [rcml_host_media]
---@field sdp? string  "sdp" only: their offer; if absent they answer ours
---@field document? string|rcml.document  run at once; if absent the call waits for run, answer or reject
---@field headers? table<string, string|string[]>|string  what an INVITE of theirs would have brought, as a table or form-encoded
---@field diversion? string  who diverted them here, as a Diversion header has it
---@field withheld? boolean  the parties are shown nobody, the web application is
---@field answered? boolean  they are answered already: "answer" comes at once, and they hear what rings
---@field settings? table<string, string|number|boolean>  of this call, instead of the agent's; rcml.settings() says which may be, by scope
---@see rcml_host_call_options

---Takes over a caller whom you have on a line of your own. What they are to do comes as "host" events; what they do you
---say with the methods host_... of the call. A target becomes a party of yours when a handler of "target" returns
---"host:NAME"; it is the leg of its "host" events.
---@param options rcml.host_call_options
---@return rcml.call? call
---@return rcml.error? err
---@see rcml_agent_host_call
function agent:host_call(options) end

---Adds a handler; nil removes all of the event. What a handler of "credentials" (user name, password), "target" (nothing or
---true, false, or a URI with user name and password), "url" (nothing or true, false), "speech" (a sound and its content
---type, or nothing) or "verb" (true, a document, or nothing) returns is the answer. Whoever has a handler for these five is
---asked: the settings ask_credentials, ask_targets, ask_urls, ask_speech and ask_verbs follow.
---@param event rcml.event_kind|"warning"
---@param handler? fun(subject: any, event: rcml.event): any, any, any
---@return rcml.agent self
---@see rcml_event_name
---@see rcml_agent_set
function agent:on(event, handler) end

---Answers requests for `host:` and this path, without a web server: documents, screening, action, status and
---recording callbacks, sounds. The function returns nothing (204), a body, a status and a body, and behind them a content
---type ("audio/wav" for a sound). It may wait. Without a function for its path a request gets 404; when it fails, or
---returns something else, 500, and on_error hears of it.
---With a handler for "request" nothing is served: request:answer() is yours then.
---@param path string  "/screen", or "host:/screen"
---@param handler? fun(request: rcml.request): any, any, any
---@return rcml.agent self
---@see rcml_agent_answer_request
function agent:serve(path, handler) end

---Runs a function in a coroutine that the agent resumes, up to its first wait at once.
---@param body fun(...)
---@param ... any  its arguments
---@return thread coroutine
function agent:spawn(body, ...) end

---Waits for an event of the agent or of any of its calls, as call:wait.
---@param event rcml.event_kind|rcml.event_kind[]  not the questions
---@param seconds? number  at most; for ever if absent
---@return rcml.event? event  `event.call` is the call
---@return rcml.error? err  name "timeout"; "closed" when nothing will come any more
---@see rcml_agent_wait
function agent:wait(event, seconds) end

---Waits.
---@param seconds number
---@return true? done
---@return rcml.error? err  name "closed" when the agent was closed or has drained meanwhile
function agent:sleep(seconds) end

---What agent:attach is given by somebody who has a loop.
---@class rcml.loop
---@field wait? fun(): (fun(), fun())|nil  called in a coroutine that is to wait: returns a function that holds it, and one that lets it go on; nil = it is none of this loop
---@field close? fun()  called once, when the agent has drained or is about to be closed

---Tells the agent of the loop that watches it; nil = none any more.
---@param loop? rcml.loop
---@return rcml.agent self
function agent:attach(loop) end

---A descriptor that is readable when there is work, also when the time of a wait is over. Watch it for reading, never
---read or close it. Ask for it when you begin to watch: it is made then.
---@return integer? fd
---@return rcml.error? err
---@see rcml_agent_fd
function agent:fd() end

---How long to sleep at most before agent:process(); waits are taken into account.
---@return number? seconds  nil = for ever
---@see rcml_agent_deadline_ms
function agent:deadline() end

---Does all that is to be done now, and tells handlers and waits. Never blocks.
---@return true? more
---@return rcml.error? err  name "closed" when the agent has drained: nothing will come any more
---@see rcml_agent_process
---@see rcml_agent_next_event
function agent:process() end

---Works until the agent has drained.
---@param seconds? number  at most so long
---@return true? done
---@return rcml.error? err
---@see rcml_agent_wait
function agent:run(seconds) end

---No new calls; the event "drained" follows when the last one has ended.
---@return true? done
---@return rcml.error? err
---@see rcml_agent_drain
function agent:drain() end

---Ends every call; the event "drained" follows.
---@return true? done
---@return rcml.error? err
---@see rcml_agent_stop
function agent:stop() end

---Closes the agent, and ends its calls in the background. Waits end with "closed". To know that the calls have ended,
---stop and run first. Also what `<close>` does; collection does it without waking anybody.
---@see rcml_agent_destroy
function agent:close() end

---The descriptor, as cqueues asks for it: an agent is an object that cqueues.poll polls.
---@return integer? fd
---@return rcml.error? err
---@see rcml_agent_fd
function agent:pollfd() end

---As cqueues asks for it.
---@return "r"
function agent:events() end

---The deadline, as cqueues asks for it.
---@return number? seconds
---@see rcml_agent_deadline_ms
function agent:timeout() end
