-- What the module is before anything runs: cheap, quiet, and strict about arguments.
local rcml = require "rcml"
assert(tostring(rcml) == "rcml " .. rcml.version)
assert(require "rcml" == rcml)

-- Misuse is an error at the caller's line; expected failures are nil and an error that reads well.
local function misused(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and tostring(message):find(pattern), tostring(message))
end
local function failed(name, value, err)
  assert(value == nil and err.name == name, tostring(err))
  assert(type(err.code) == "number" and type(err.message) == "string" and tostring(err) == err.message)
  assert(rcml.status(err.code) == name)
end

misused("table expected", rcml.agent, 5)
failed("setting", rcml.agent { ringing_mood = "now" })
failed("address", rcml.agent { listen = "pigeon" })
failed("file", rcml.agent { journal = "/nowhere/at/all" })
failed("file", rcml.replay("/nowhere/at/all"))
failed("journal", rcml.ladder("/dev/null"))
failed("journal", rcml.messages("/dev/null"))
failed("file", rcml.messages("/nowhere/at/all", { call = "CA1" }))
misused("must be a string or a table", rcml.agent, { document = true })

local agent = assert(rcml.agent { listen = { "udp:127.0.0.1:0", "tcp:127.0.0.1:0" }, ringing_mode = "on-ringing" })
assert(#agent:listeners() == 2 and agent:listeners()[2]:find("transport=tcp"))
assert(tostring(agent):find("^rcml.agent sip:127.0.0.1"))
misused("no such event", agent.on, agent, "explosion", print)
misused("function expected", agent.on, agent, "incoming", 1)
misused("agent expected", agent.run, {})
misused("field 'to'", agent.call, agent, {})
assert(agent:fd() >= 0 and agent:pollfd() == agent:fd() and agent:events() == "r")
assert(agent:process())
failed("uri", agent:call { to = "not a party", document = "<Response/>" })
agent.mine = 42
assert(agent.mine == 42 and agent.nothing == nil)

-- The catalogue, and findings with their places.
local codes = rcml.codes()
assert(#codes > 30 and codes[1].name == "argument" and codes[1].fix ~= "")
local findings = assert(rcml.check("<Response><Dial tiemout='5'><Sip>sip:a@127.0.0.1</Sip></Dial></Response>"))
assert(findings.ok and #findings == 1, #findings)
assert(findings[1].name == "unknown-attribute" and findings[1].line == 1 and findings[1].severity == "warning")
assert(findings[1].text:find("timeout") and findings[1].excerpt:find("^", 1, true))
assert(not rcml.check("<Response>").ok)

-- No time at all is a time: what is there is done, and nothing is waited for.
assert(agent:run(0))

-- Closing twice, and everything on a closed agent.
agent:close()
agent:close()
assert(tostring(agent) == "rcml.agent (closed)")
failed("handle", agent:process())
failed("handle", agent:run())
failed("handle", agent:fd())
failed("handle", agent:stop())
failed("handle", agent:listen("udp:127.0.0.1:0"))

-- Agents that nobody holds are collected, handlers that refer to them included.
for _ = 1, 200 do
  local forgotten = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
  forgotten:on("incoming", function(call) return forgotten, call end)
end
collectgarbage()
collectgarbage()
