-- Calls through handlers, coroutines, waits and served URLs. Two agents in one state, turned by turns.
local rcml = require "rcml"
local phones = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local phone = phones:listeners()[1]
local me = agent:listeners()[1]

local function turn(until_true, what)
  for _ = 1, 1000 do
    if until_true() then return end
    phones:run(0.003)
    agent:run(0.003)
  end
  error("did not happen: " .. what, 2)
end

-- Phones: ring and answer; whoever is called "busy" is busy.
phones:on("incoming", function(call)
  if call.to:find("busy") then return assert(call:reject(486)) end
  assert(call:ring())
  assert(call:answer())
end)

-- 1. An outgoing call, its document, its legs, in handlers.
local seen = {}
agent:on("status", function(leg, event)
  seen[#seen + 1] = event.name
  assert(leg.to and leg.call.legs[1] == leg and tostring(leg):find("rcml.leg"))
  if event.name == "answered" then
    local state = assert(leg.call:state())
    assert(state.answered and state.outgoing and state.legs[1].status == "in-progress")
    assert(leg.call:hangup())
  end
end)
local document = "<Response><Dial%s><Sip>%s</Sip></Dial></Response>"
local call = assert(agent:call { to = phone, document = document:format("", phone) })
local ended
agent:on("ended", function(subject, event)
  assert(subject == call)
  ended = event
end)
turn(function() return ended end, "the end of the call")
assert(table.concat(seen, " ") == "initiated ringing answered completed", table.concat(seen, " "))
assert(ended.status == "completed" and ended.hangup_by == "host")
assert(call.answered and tostring(call):find("completed"))
local gone, err = call:hangup()
assert(gone == nil and err.name == "gone")
assert(call:wait("ended").status == "completed")

-- 2. A handler may wait: it is a coroutine. An incoming call runs a document with a served screening URL.
agent:on("status", nil)
agent:on("ended", nil)
local order = {}
agent:serve("/next", function(request)
  order[#order + 1] = "served " .. request.method .. " " .. request.params.DialCallStatus
  return "<Response><Hangup/></Response>"
end)
agent:on("incoming", function(incoming)
  order[#order + 1] = "incoming"
  assert(incoming:run(document:format(" action='host:/next'", (phone:gsub("sip:", "sip:busy@")))))
  local dial = assert(incoming:wait("dial", 5))
  order[#order + 1] = "dial " .. dial.status
  local last = assert(incoming:wait("ended", 5))
  order[#order + 1] = "ended " .. last.status
end)
assert(phones:call { to = me, document = "<Response><Pause/></Response>" })
turn(function() return #order == 4 end, "four steps, got: " .. table.concat(order, ", "))
assert(table.concat(order, ", "):find("incoming, dial busy, served POST busy, ended"), table.concat(order, ", "))

-- 3. Waiting outside of coroutines drives the agent; a wait has an end; a coroutine of the program's own.
agent:on("incoming", nil)
local nobody = assert(agent:call { to = "sip:nobody@127.0.0.1:9", document = "<Response/>" })
local value, late = nobody:wait("answered", 0.05)
assert(value == nil and (late.name == "timeout" or late.name == "gone"), tostring(late))
local result
coroutine.wrap(function()
  local other = assert(agent:call { to = phone, document = "<Response><Pause length='5'/></Response>" })
  assert(other:wait("answered", 5))
  assert(other:hangup())
  result = assert(other:wait("ended", 5)).status
end)()
turn(function() return result end, "the coroutine's end")
assert(result == "completed")

-- 4. A handler's error goes to on_error with its traceback, and the loop goes on; without on_error run raises it.
local reported
agent.on_error = function(message) reported = message end
agent:on("incoming", function(subject)
  subject:reject(480)
  local nothing = nil
  return nothing.field
end)
assert(phones:call { to = me, document = "<Response/>" })
turn(function() return reported end, "the report")
assert(reported:find("calls.lua:%d+") and reported:find("traceback"), reported)
agent.on_error = nil
assert(phones:call { to = me, document = "<Response/>" })
local ok, message = pcall(turn, function() return false end, "nothing")
assert(not ok and tostring(message):find("traceback"), message)
agent:on("incoming", nil)

-- 5. A handler may not drive, and may close.
local refused
agent:on("incoming", function(subject)
  refused = not pcall(agent.run, agent)
  subject:reject(486)
end)
assert(phones:call { to = me, document = "<Response/>" })
turn(function() return refused ~= nil end, "a refusal")
assert(refused)

-- 6. Stopping ends run.
assert(agent:stop())
assert(agent:run())
local drained = false
phones:on("drained", function(subject) drained = subject == phones end)
assert(phones:stop() and phones:run() and drained)
