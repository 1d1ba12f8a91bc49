---@meta rcml
-- What an editor knows of the module (LuaCATS), and the text of its manual: Scripts/lua-manual makes rcml(3lua) and
-- Markdown from this file, and Scripts/check-lua holds it to the header and to the module. `@see` names the function or
-- struct of rcml.h that stands behind it; a word like [rcml_event.deadline_ms] the member that is called otherwise there.

---The RCML engine as a module for Lua 5.1, LuaJIT, 5.3 and 5.4. Requiring it starts nothing and prints nothing.
---
---    local rcml = require "rcml"
---    local agent = assert(rcml.agent { listen = "udp:127.0.0.1:5060" })
---    agent:on("incoming", function(call)
---      call:run "<Response><Dial><Sip>sip:alice@127.0.0.1:5080</Sip></Dial></Response>"
---    end)
---    agent:run()
---
---ERRORS. What the world does is answered with `nil, err`, where `err` is an `rcml.error`; a wrong argument is an error at
---your line. (The `assert` of Lua 5.1 shows no error that is not a string: say `assert(value, tostring(err))` there.)
---
---TIMES are seconds, fractions included, and by a clock that nobody sets.
---
---STYLES. Handlers (`agent:on`) and coroutines (`call:wait`, `leg:wait`, `agent:wait`, `agent:sleep`) work on the same
---objects at the same time. Each handler runs in a coroutine of its own, so it may wait, too. Who resumes a coroutine
---that waits: the agent, if it is a handler's, one of `agent:spawn`, or one that belongs to no loop; the loop, if it
---belongs to one that `agent:attach` told of, as the adapters for copas and cqueues do. A wait outside of coroutines
---drives the agent meanwhile. A handler that yields elsewhere than in a wait or sleep of this module is refused: its error
---goes to `on_error`, its request gets 500. What is to yield to another loop belongs into a coroutine of that loop, and
---call:wait works there.
---
---LOOPS. `agent:run()` is one. `require "rcml.luv"(agent)`, `require "rcml.copas"(agent)` and
---`require "rcml.cqueues"(agent, controller)` put an agent into one of theirs. For any other, watch `agent:fd()` for
---reading and call `agent:process()` when it is readable.
---
---ERRORS IN HANDLERS go with their traceback to `agent.on_error`, and the loop goes on. Without one they are raised by
---whatever drives the agent (run, process, wait), once everybody else was told.
---
---ENDS. An agent that is closed, collected, or leaves its `<close>` variable ends its calls politely: what can be said is
---said at once, and if an answer must be waited for, a thread of the module does that, for 33 seconds at most. It never
---blocks. A state may be closed, or the process left, at any time.
---@class rcml
---@field version string  of the library that runs, "0.1.0"
local rcml = {}

---A failure. `tostring(err)` is its sentence.
---@class rcml.error
---@field code integer  a number of the catalogue; 0 for a wait that timed out
---@field name string  its word, "gone"; "timeout" for such a wait
---@field message string  one sentence: what is wrong, what to do
---@field sip_status? integer  a SIP status that says the same
---@field line? integer  place in the document, from 1
---@field column? integer
---@field event? rcml.event  of a wait: what ended the call or leg before
---@field difference? string  of rcml.replay: where and how it differs [rcml_replay_result.difference]
---@see rcml_error

---A document: its text, or where it is fetched from.
---@class rcml.document
---@field text? string  RCML
---@field base_url? string  what relative URLs in text start from
---@field url? string  http:, https: or host:, without text
---@field method? "GET"|"POST"  POST if absent
---@see rcml_document

---What rcml.agent is made from; each setting of the engine is one more field: `ringing_mode = "on-ringing"`.
---@class rcml.agent_options
---@field listen? string|string[]  "udp:127.0.0.1:5060"; port 0 = any
---@field document? string|rcml.document  for those who call, instead of asking the handler "incoming"
---@field journal? string  path of a file
---@field on_error? fun(message: string)  gets the errors of handlers
---@field [string] string|number|boolean

---Makes an agent.
---@param options? rcml.agent_options
---@return rcml.agent? agent
---@return rcml.error? err
---@see rcml_agent_create
function rcml.agent(options) end

---A finding about a document.
---@class rcml.finding
---@field severity "note"|"warning"|"error"
---@field code integer  number in the catalogue
---@field name string  "unknown-attribute"
---@field line integer  from 1; 0 = no place
---@field column integer  from 1, in characters
---@field text string  one sentence
---@field excerpt string  the line with a caret below it
---@see rcml_finding

---Checks a document without running it.
---@param text string
---@return rcml.findings? findings
---@return rcml.error? err
---@see rcml_document_check
function rcml.check(text) end

---All findings, in the order of the text.
---@class rcml.findings
---@field ok boolean  it would run, perhaps with warnings
---@field [integer] rcml.finding

---An entry of the catalogue.
---@class rcml.code
---@field code integer
---@field name string
---@field text string  what it is
---@field cause string
---@field fix string
---@see rcml_catalogue_info

---The whole catalogue, ordered by number.
---@return rcml.code[]
---@see rcml_catalogue_entry
function rcml.codes() end

---The word and the sentence of a code; nothing for a number that is not in the catalogue.
---@param code integer
---@return string? name
---@return string? text
---@see rcml_status_name
---@see rcml_status_text
function rcml.status(code) end

---What a replay found.
---@class rcml.replay_result
---@field records integer
---@field inputs integer
---@field outputs integer
---@field duration number  seconds [rcml_replay_result.duration_ms]
---@field torn boolean  the last record was cut off
---@see rcml_replay_result

---Feeds a journal to a fresh agent and compares what it does, octet for octet.
---@param path string
---@return rcml.replay_result? result
---@return rcml.error? err  name "differs", with `difference`, when it is not the same
---@see rcml_journal_replay
function rcml.replay(path) end

---What rcml.ladder and rcml.messages show.
---@class rcml.ladder_options
---@field call? string  only this call (CA...)
---@see rcml_ladder_options

---Draws the ladder of a journal.
---@param path string
---@param options? rcml.ladder_options
---@return string? ladder
---@return rcml.error? err
---@see rcml_journal_ladder
function rcml.ladder(path, options) end

---A SIP message of a journal.
---@class rcml.trace_message
---@field at number  seconds since the journal began [rcml_trace_message.at_us]
---@field time number  seconds since 1970; 0 = the journal does not know [rcml_trace_message.unix_us]
---@field sent boolean  by us
---@field local_address string  udp:192.0.2.1:5060 [rcml_trace_message.local]
---@field peer string
---@field connection? integer  messages of one TCP connection share it
---@field call_sid string  "" = of no call that the journal knows
---@field text string
---@see rcml_trace_message

---The SIP messages of a journal, in their order.
---@param path string
---@param options? rcml.ladder_options
---@return rcml.trace_message[]? messages
---@return rcml.error? err
---@see rcml_journal_messages
function rcml.messages(path, options) end

---What the web server of a simulation says; a string stands for its body, a number for its status.
---@class rcml.simulated_answer
---@field status? integer  as in HTTP; 200 if absent
---@field content_type? string  application/xml if absent
---@field body? string
---@see rcml_simulated_answer

---A call that never leaves the process.
---@class rcml.simulation
---@field document string|rcml.document
---@field outcomes? string[]  "1:180,after=2:200,after=5:bye"
---@field answers? table<string, string|integer|rcml.simulated_answer>  by URL [rcml_simulated_answer.url]; "*" = all others
---@field settings? table<string, string|number|boolean>
---@field from? string  the caller's sip: URI
---@field to? string
---@field outgoing? boolean  we call `to`
---@field caller_hangs_up? number  seconds after calling or, outgoing, after answering [rcml_simulation.caller_hangs_up_ms]
---@field journal? string  path of a file
---@field seed? integer
---@see rcml_simulation

---What came of a simulation.
---@class rcml.simulated
---@field events rcml.event[]  each with `at`, and `leg` as a number
---@field ladder string
---@field lost boolean  a status callback was given up

---Runs a document in virtual time against scripted parties and a scripted web server.
---@param simulation rcml.simulation
---@return rcml.simulated? told
---@return rcml.error? err
---@see rcml_simulate
function rcml.simulate(simulation) end

---An engine: its listeners, its calls. Fields that are not its methods are yours: `agent.started = os.time()`.
---@class rcml.agent
---@field on_error? fun(message: string)  gets the errors of handlers, with traceback
---@field [string] any
local agent = {}

---Sets one setting. Calls under way keep those they began with.
---@param name string
---@param value string|number|boolean
---@return true? done
---@return rcml.error? err
---@see rcml_agent_set
function agent:set(name, value) end

---Opens a listener.
---@param address string  "udp:127.0.0.1:5060", "tcp:[::1]:5060"; port 0 = any free one
---@return string? uri  as it is bound
---@return rcml.error? err
---@see rcml_agent_listen
function agent:listen(address) end

---The SIP URIs of all listeners.
---@return string[]
---@see rcml_agent_listener
function agent:listeners() end

---Writes a journal; before everything else.
---@param path string
---@return true? done
---@return rcml.error? err
---@see rcml_agent_journal
function agent:journal(path) end

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
---@see rcml_call_options

---Calls somebody, and runs a document on them once they answer.
---@param options rcml.call_options
---@return rcml.call? call
---@return rcml.error? err
---@see rcml_agent_call
function agent:call(options) end

---The kinds of events, and what a handler gets besides the event: the call, but for
---"status" the leg, for "request", "credentials", "target" and "url" the question, for
---"message", "refused", "drained" and a finding without a call the agent.
---"warning" is another word for "finding".
---@alias rcml.event_kind
---| "incoming"  # a call waits for run, answer or reject
---| "ringing"  # the party of agent:call rings
---| "answered"  # the caller was answered, or answered us
---| "status"  # a leg moved on
---| "dial"  # a <Dial> is over
---| "finding"  # a document or request gave reason for a word
---| "digit"  # a key was pressed
---| "ended"  # the last event of a call
---| "request"  # a host: URL wants an answer, and agent:serve has not got it
---| "message"  # a SIP message, with the setting transport_log
---| "refused"  # a message from the network was dropped
---| "drained"  # after drain or stop: nothing is left
---| "credentials"  # a 401 or 407 wants a user name and a password
---| "target"  # a target is about to be dialled, or only you know it
---| "callback"  # a callback was delivered or given up, with the setting callback_events
---| "url"  # a URL is about to be requested
---| "recording"  # a recording began, is whole, or came to nothing

---Adds a handler; nil removes all of the event. What a handler of "credentials" (user name, password), "target" (nothing or
---true, false, or a URI with user name and password) or "url" (nothing or true, false) returns is the answer. Whoever
---has a handler for these three is asked: the settings ask_credentials, ask_targets and ask_urls follow.
---@param event rcml.event_kind|"warning"
---@param handler? fun(subject: any, event: rcml.event): any, any, any
---@return rcml.agent self
---@see rcml_event_name
---@see rcml_agent_set
function agent:on(event, handler) end

---Answers requests for `host:` and this path, without a web server: documents, screening, action, status and
---recording callbacks, sounds. The function returns nothing (204), a body, a status and a body, and behind them a content
---type ("audio/wav" for a sound). It may wait. Without a function for its path a request gets 404; when it fails, 500.
---With a handler for "request" nothing is served: request:answer() is yours then.
---@param path string  "/screen"
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

---Something that happened. What does not apply is absent.
---@class rcml.event
---@field kind rcml.event_kind
---@field call? rcml.call
---@field leg? rcml.leg|integer  in a simulation its number, from 1
---@field name? string  of a leg: initiated, ringing, answered, completed; of a finding, a callback
---@field digit? string  the key [rcml_event.name]
---@field sid? string  of a recording: RE... [rcml_event.name]
---@field status? string  RCML's word: ringing, in-progress, completed, busy, no-answer, failed, canceled
---@field call_sid? string
---@field leg_sid? string
---@field from? string
---@field to? string
---@field hangup_by? "caller"|"callee"|"engine"|"host"
---@field screening? "accepted"|"rejected"|"timeout"|"failed"|"hangup"
---@field sip_code? integer
---@field duration? integer  whole seconds of conversation
---@field ring_duration? integer  whole seconds of ringing
---@field bridged? boolean  dial: caller and leg were joined
---@field sent? boolean  message: by us
---@field text? string  a sentence, or the SIP message
---@field severity? "note"|"warning"|"error"
---@field code? integer  finding: in the catalogue; callback, request of a simulation: the HTTP status
---@field line? integer
---@field column? integer
---@field peer? string  udp:192.0.2.7:5060
---@field host? string  credentials: the host dialled [rcml_event.peer]
---@field method? string
---@field url? string
---@field body? string
---@field deadline? number  seconds to answer in [rcml_event.deadline_ms]
---@field realm? string
---@field attempts? integer  callback: requests that were sent
---@field at? number  in a simulation: seconds since its beginning
---@see rcml_event

---A call. Fields beside these are yours.
---@class rcml.call
---@field id integer
---@field agent rcml.agent
---@field sid? string  CA and 32 hex digits, from its first event on
---@field from? string
---@field to? string
---@field status? string  queued, ringing, in-progress; at last completed, busy, no-answer, failed, canceled
---@field answered? boolean
---@field legs rcml.leg[]  in the order in which they were rung
---@field events table<string, rcml.event>  the last one of each kind
local call = {}

---Runs a document, or from now on instead of the one that runs.
---@param document string|rcml.document
---@return true? done
---@return rcml.error? err
---@see rcml_call_run
function call:run(document) end

---Tells an incoming caller that it rings.
---@param sip_code? integer  180..189; 180 if absent
---@return true? done
---@return rcml.error? err
---@see rcml_call_ring
function call:ring(sip_code) end

---Answers an incoming caller without a document.
---@return true? done
---@return rcml.error? err
---@see rcml_call_answer
function call:answer() end

---Refuses an incoming caller who was not answered.
---@param sip_code? integer  300..699; 603 if absent
---@param phrase? string
---@return true? done
---@return rcml.error? err
---@see rcml_call_reject
function call:reject(sip_code, phrase) end

---Ends the call and all its legs.
---@return true? done
---@return rcml.error? err
---@see rcml_call_hang_up
function call:hang_up() end

---The same as hang_up.
---@return true? done
---@return rcml.error? err
---@see rcml_call_hang_up
function call:hangup() end

---Ends the <Dial> that runs; the document goes on behind it.
---@return true? done
---@return rcml.error? err
---@see rcml_call_end_dial
function call:end_dial() end

---As if the caller had pressed a key.
---@param key string  one of 0123456789*#ABCD
---@return true? done
---@return rcml.error? err
---@see rcml_call_press_digit
function call:press_digit(key) end

---Writes what the caller is heard to say into a file.
---@param path string  that is not there yet
---@return true? done
---@return rcml.error? err
---@see rcml_call_record
function call:record(path) end

---What is known of a call.
---@class rcml.call_info
---@field sid string
---@field from string
---@field to string
---@field status string  queued, ringing, in-progress
---@field outgoing boolean
---@field answered boolean
---@field legs rcml.leg_info[]
---@see rcml_call_info

---What is known of a leg.
---@class rcml.leg_info
---@field id integer [rcml_leg_info.leg]
---@field sid string
---@field to string
---@field status string
---@field sip_code integer
---@field ended boolean
---@see rcml_leg_info

---What is known of the call now.
---@return rcml.call_info? info
---@return rcml.error? err  name "gone" when it has ended
---@see rcml_call_state
---@see rcml_call_leg
function call:state() end

---Waits for an event of this call; "ringing", "answered" and "ended" are there at once if they have happened.
---@param event "ringing"|"answered"|"ended"|"status"|"dial"|"digit"|"finding"|"recording"|"callback"|string[]
---@param seconds? number  at most; for ever if absent
---@return rcml.event? event
---@return rcml.error? err  name "timeout", or "gone" when the call ended before: `err.event` says how
---@see rcml_agent_wait
function call:wait(event, seconds) end

---A party rung by a <Dial>. Fields beside these are yours.
---@class rcml.leg
---@field id integer
---@field call rcml.call
---@field sid? string
---@field to? string
---@field status? string  as in its last event
---@field events table<string, rcml.event>  by initiated, ringing, answered, completed
local leg = {}

---Waits for an event of this leg; what has happened is there at once, but for "status" (the next step) and "digit".
---@param event "initiated"|"ringing"|"answered"|"completed"|"status"|"digit"|string[]
---@param seconds? number  at most; for ever if absent
---@return rcml.event? event
---@return rcml.error? err  name "timeout", or "gone" when the leg ended before: `err.event` says how
---@see rcml_agent_wait
function leg:wait(event, seconds) end

---A request for a host: URL.
---@class rcml.request
---@field id integer [rcml_event.request]
---@field agent rcml.agent
---@field call? rcml.call
---@field url string
---@field path string  of the URL, without its query
---@field method string
---@field body string
---@field params table<string, string>  of query and body
---@field deadline number  seconds to answer in
local request = {}

---Answers it. Without a status: 200 with a body, 204 without.
---@param status? integer  as in HTTP, 200..599; may be left out
---@param body? string
---@param content_type? string  text/xml if absent
---@return true? done
---@return rcml.error? err  name "gone" when it was answered, timed out, or its call has ended
---@see rcml_agent_answer_request
function request:answer(status, body, content_type) end

---A question for a user name and a password.
---@class rcml.credentials
---@field id integer
---@field agent rcml.agent
---@field call rcml.call
---@field leg? rcml.leg  nil = the party of agent:call
---@field realm string
---@field host string
---@field deadline number  seconds to answer in
local credentials = {}

---Answers it; nothing = there are none, the leg fails.
---@param username? string
---@param password? string
---@return true? done
---@return rcml.error? err
---@see rcml_agent_answer_credentials
function credentials:answer(username, password) end

---A question about a target.
---@class rcml.target
---@field id integer
---@field agent rcml.agent
---@field call rcml.call
---@field noun string  Sip, Contact, or one that only you know [rcml_event.name]
---@field text string  its URI or text [rcml_event.to]
---@field attributes string  of the noun, form-encoded [rcml_event.body]
---@field document string  the URL of the document [rcml_event.url]
---@field deadline number  seconds to answer in
local target = {}

---Answers it: nothing or true = as it is, false = it is not dialled, a URI = that is dialled instead.
---@param answer? boolean|string
---@param username? string
---@param password? string
---@return true? done
---@return rcml.error? err
---@see rcml_agent_answer_target
function target:answer(answer, username, password) end

---A question about a URL.
---@class rcml.url
---@field id integer
---@field agent rcml.agent
---@field call? rcml.call  nil when it has ended
---@field method string
---@field url string
---@field deadline number  seconds to answer in
local url = {}

---Answers it: nothing or true = it is requested, false = it is not.
---@param allow? boolean
---@return true? done
---@return rcml.error? err
---@see rcml_agent_answer_url
function url:answer(allow) end

return rcml
