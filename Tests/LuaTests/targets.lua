-- Who may be dialled, and who is meant by a number: a function of the host says (spec Y-1, D-22).
local rcml = require "rcml"
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local phone = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local address = phone:listeners()[1]
phone:on("incoming", function(call) call:answer() end)

local function turn(until_true, what)
  for _ = 1, 1000 do
    if until_true() then return end
    phone:run(0.003)
    agent:run(0.003)
  end
  error("did not happen: " .. what, 2)
end

-- Runs a Dial with these nouns and says how it ended.
local function dial(nouns)
  local caller = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
  local result
  agent:on("incoming", nil)
  agent:on("incoming", function(call)
    assert(call:run("<Response><Dial timeout='3'>" .. nouns .. "</Dial></Response>"))
  end)
  agent:on("dial", nil)
  agent:on("dial", function(_, event) result = event end)
  agent:on("status", nil)
  agent:on("status", function(leg, event) if event.name == "answered" then leg.call:hangup() end end)
  assert(caller:call { to = agent:listeners()[1], document = "<Response><Pause length='5'/></Response>" })
  turn(function() caller:run(0.001) return result end, "the end of the Dial")
  caller:close()
  return result.status
end

local sip = "<Sip>" .. address .. "</Sip>"
-- 1. Nobody is asked: a strange noun is passed over.
assert(dial(sip) == "completed")
assert(dial("<Number>17</Number>" .. sip) == "completed")

-- 2. A function that returns nothing lets them pass, and learns who is meant.
local seen = {}
agent:on("target", function(target, event)
  seen[#seen + 1] = target.noun .. " " .. target.text
  assert(event.kind == "target" and target.call.id and target.document == "")
  assert(tostring(target) == "rcml.target " .. target.noun .. " " .. target.text)
end)
assert(dial(sip) == "completed")
assert(#seen == 1 and seen[1]:match("^Sip sip:127"), seen[1])

-- 3. false: it is not dialled.
agent:on("target", nil)
agent:on("target", function() return false end)
assert(dial(sip) == "failed")

-- 4. A number becomes an address.
agent:on("target", nil)
agent:on("target", function(target)
  if target.noun == "Number" then
    assert(target.text == "17" and target.attributes == "x-a=b", target.attributes)
    return address
  end
end)
assert(dial("<Number x-a='b'>17</Number>") == "completed")
assert(dial("<Client>jenny</Client>") == "failed")

-- 5. An address that is none is nobody; the answer may come later, once.
agent:on("target", nil)
agent:on("target", function() return "no address at all" end)
assert(dial(sip) == "failed")
agent:on("target", nil)
agent:on("target", function(target)
  local ok, err = target:answer("<>")
  assert(not ok and err.name == "uri", tostring(err and err.name))
  assert(target:answer(address))
  ok, err = target:answer(true)
  assert(not ok and err.name == "gone")
end)
assert(dial("<Number>17</Number>") == "completed")

agent:close()
phone:close()
