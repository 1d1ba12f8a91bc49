-- Phones that ask who calls, and a handler that knows (spec A-1, A-8).
local rcml = require "rcml"
local locked = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
assert(locked:set("require_auth", "alice:open-sesame"))
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local phone = locked:listeners()[1]
locked:on("incoming", function(call) call:answer() end)

local function turn(until_true, what)
  for _ = 1, 1000 do
    if until_true() then return end
    locked:run(0.003)
    agent:run(0.003)
  end
  error("did not happen: " .. what, 2)
end

-- Rings the phone and says how the Dial ended, and with which SIP status.
local function dial(attributes)
  local caller = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
  local result
  agent:on("incoming", nil)
  agent:on("incoming", function(call)
    assert(call:run("<Response><Dial><Sip " .. (attributes or "") .. ">" .. phone .. "</Sip></Dial></Response>"))
  end)
  agent:on("dial", nil)
  agent:on("dial", function(_, event) result = event end)
  agent:on("status", nil)
  agent:on("status", function(leg, event) if event.name == "answered" then leg.call:hangup() end end)
  assert(caller:call { to = agent:listeners()[1], document = "<Response><Pause length='5'/></Response>" })
  turn(function() caller:run(0.001) return result end, "the end of the Dial")
  caller:close()
  return result.status, result.sip_code
end

-- 1. Without credentials and without a handler: failed at once.
local status, code = dial()
assert(status == "failed" and code == 401, tostring(status) .. " " .. tostring(code))
-- 2. The target's own.
assert(dial("username='alice' password='open-sesame'") == "completed")
assert(dial("username='alice' password='wrong'") == "failed")

-- 3. A handler's return values are the answer.
local asked = 0
agent:on("credentials", function(question, event)
  asked = asked + 1
  assert(event.kind == "credentials" and event.realm == "rcml")
  assert(question.realm == "rcml" and question.host == phone:match("sip:([^;]+)"), question.host)
  assert(question.call.id and question.leg.call == question.call)
  assert(tostring(question) == "rcml.credentials rcml at " .. question.host)
  return "alice", "open-sesame"
end)
assert(dial() == "completed" and asked == 1)
assert(not dial("username='alice' password='wrong'"):find("completed") and asked == 1)

-- 4. Nothing returned, or an error: there are none.
agent:on("credentials", nil)
agent:on("credentials", function() end)
status, code = dial()
assert(status == "failed" and code == 401)
agent:on("credentials", nil)
local complaint
agent.on_error = function(message) complaint = message end
agent:on("credentials", function() error("no idea") end)
assert(dial() == "failed" and complaint:find("no idea"))

-- 5. Answered later, and only once.
agent:on("credentials", nil)
local later
agent:on("credentials", function(question)
  later = question
  assert(question:answer("alice", "open-sesame"))
  local again, err = question:answer("alice", "open-sesame")
  assert(again == nil and err.name == "gone")
end)
assert(dial() == "completed" and later)

-- 6. Nobody is asked any more.
agent:on("credentials", nil)
assert(dial() == "failed")
