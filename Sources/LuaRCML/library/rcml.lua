---@meta rcml
-- What an editor knows of the module (LuaCATS), and the text of its manual: Scripts/lua-manual makes rcml(3lua) and
-- Markdown from the files of this folder, and Scripts/check-lua holds them to the header and to the module. `@see` names
-- the function or struct of rcml.h that stands behind it; a word like [rcml_event.deadline_ms] the member that is called
-- otherwise there.

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
---@field version string  of the library that runs, "0.1.0" [rcml_version]
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
---@field settings? table<string, string|number|boolean>  of the call whose first document it is, instead of the agent's
---@see rcml_document

---What rcml.agent is made from; each setting of the engine is one more field: `ringing_mode = "on-ringing"`.
---@class rcml.agent_options
---@field listen? string|string[]  "udp:127.0.0.1:5060"; port 0 = any
---@field document? string|rcml.document  for those who call, instead of asking the handler "incoming"
---@field journal? string  path of a file
---@field on_error? fun(message: string)  gets the errors of handlers
---@field worker? boolean  true: made in a worker of Kamailio, where you drive it; refused there otherwise
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
---@param options? rcml.check_options
---@return rcml.findings? findings
---@return rcml.error? err
---@see rcml_document_check_with
function rcml.check(text, options) end

---Reads the parties that a document would dial, without running it.
---@param text string
---@param options? rcml.check_options
---@return rcml.target[]? targets  in the order of the text
---@return rcml.error? err  "document": it would not run
---@see rcml_document_targets
function rcml.targets(text, options) end

---One party that a document would dial. What does not apply is absent.
---@class rcml.target
---@field dial integer  which <Dial> of the document, from 1
---@field target integer  which party of it, from 1
---@field noun string  "Sip", "Number", "Client"
---@field text? string  what stands in it; of a <Sip> its URI
---@field uri? string  the Request-URI that an INVITE would have; absent: only the host knows, or nobody can be dialled
---@field headers? string  custom headers of the INVITE, form-encoded
---@field attributes? string  form-encoded, without a password
---@field username? string
---@field password? string
---@field timeout integer  seconds that the <Dial> rings
---@field sequential boolean
---@field code? integer  why nobody can be dialled: its number in the catalogue
---@field line integer  from 1
---@field column integer  from 1, in characters
---@see rcml_target

---@class rcml.check_options
---@field base_url? string  where the document would come from
---@field content_type? string  as a web server would send it: "text/xml; charset=iso-8859-1"
---@field settings? table<string, string|number|boolean>  check as an agent with these would read it
---@see rcml_check_options

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

---One setting of the engine.
---@class rcml.setting
---@field name string  "call_timeout"
---@field theme string  what it is about: calls, limits, sound, documents, web, callbacks, sip, network, numbers, host, files
---@field kind "choice"|"flag"|"number"|"seconds"|"text"|"list"|"secret"  [rcml_setting_kind]
---@field values string  "seconds from 1 to 600"
---@field default string|number|boolean  "" = nothing [rcml_setting_info.default_value]
---@field presets table<string, string>  where `preset` says otherwise, by its name
---@field text string  one sentence: what it is for
---@field example string  a value it may have
---@field clause? string  of the specification
---@field scope "call"|"beginning"|"agent"  what may have its own value: a call, one that is just being made, the agent
---@field minimum? number  of a number or of seconds
---@field maximum? number
---@see rcml_setting_info

---All settings, by subject.
---@return rcml.setting[]
---@see rcml_setting_entry
function rcml.settings() end

---One parameter, decoded: of a request, of a callback's event, an attribute of a target or a verb.
---@param subject table  a request, a question or an event
---@param name string  "Digits"
---@return string? value  nil = it has no such parameter
---@see rcml_event_parameter
function rcml.parameter(subject, name) end

---The names of all counters for Prometheus, in the order of the struct.
---@return rcml.metric[]
---@see rcml_extension
---@see rcml_metrics_extension
function rcml.metrics() end

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
---@field call? string  only this call: its number, CA... or the first characters of that, its Call-ID
---@field form? string  "ladder"; "list": a line a call; "why": why each ended as it did; "json": objects, one a line; "calls": only those of calls
---@field choice? string  "failed": calls that did not complete, or in which something failed; "last"
---@field time? string  "relative"; "local" or "utc": what the clock said
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

return rcml
