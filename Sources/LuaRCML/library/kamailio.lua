---@meta rcml.kamailio
-- What an editor knows of `require "rcml.kamailio"`; see rcml.lua.

---Inside Kamailio: `require "rcml.kamailio"`. A process of rtimer owns the agent. Workers are other processes: they tell it
---by an mqueue what it is to do, and ask documents whom tm is to ring. Loaded by app_lua:
---
---    local kamailio = require "rcml.kamailio"
---    rcml_owner = kamailio.owner {
---      queue = "rcml",
---      agent = { listen = "udp:127.0.0.1:5070", outbound_proxy = "sip:127.0.0.1:5060;lr" },
---      on = { incoming = function(call) call:run { url = "http://127.0.0.1/dial.xml" } end },
---    }
---
---and in the configuration:
---
---    modparam("app_lua", "load", "/etc/kamailio/calls.lua")
---    modparam("mqueue", "mqueue", "name=rcml;size=1000")
---    modparam("rtimer", "timer", "name=rcml;interval=1000u;mode=1;")
---    modparam("rtimer", "exec", "timer=rcml;route=RCML")
---    route[RCML] { lua_run("rcml_owner"); }
---
---While the script is loaded, KSR.pv has nothing to read from; the first turn has.
---
---It needs the modules app_lua, corex, mqueue, rtimer and tm. The agent survives app_lua.reload: calls go on, and
---handlers and settings are those of the new script; listeners and the journal stay until a drain and a start.
---
---MESSAGES are a verb and a text: mq_add("rcml", "hangup", "$ci"). "drain" ends the agent when its last call is over, "stop"
---now, "start" makes one again; "set" has `name=value`, a setting; "hangup" has a call's sid, the Call-ID of its caller or the
---id of a "call"; "call" has form-encoded what agent:call takes (to, from, document or url, timeout) and an id of yours.
---@class rcml.kamailio
local kamailio = {}

---What a process of rtimer owns.
---@class rcml.kamailio_options
---@field agent? rcml.agent_options
---@field queue? string  the mqueue of the workers; none = nobody can tell it anything
---@field on? table<rcml.event_kind, function>  as in agent:on
---@field messages? table<string, fun(agent: rcml.agent, text: string)>  verbs of yours
---@field turn? number  seconds that the agent works before the queue is looked at again; 0.02 if absent

---Makes the function that a route of rtimer runs. It makes the agent when it runs first, and drives it.
---@param options rcml.kamailio_options
---@return fun() turn
function kamailio.owner(options) end

---Reads the parties that a document would ring: rcml.targets, but for those that nobody could dial, with `headers` as a list
---of lines, `X-Order: 17`.
---@param document string
---@param options? rcml.check_options
---@return rcml.target[]? targets
---@return rcml.error? err
function kamailio.targets(document, options) end

---In a request route: tm is to ring the parties of the document's first <Dial>, all at once and as long as it says. Say
---t_on_branch and t_relay afterwards. The rest of the document (action, prompts) does not run.
---@param document string
---@param options? rcml.check_options
---@return integer? count  0 = nobody could be dialled
---@return rcml.error|string? err
function kamailio.fork(document, options) end

---In a branch route: this party's headers, that the document has for it.
function kamailio.branch() end

return kamailio
