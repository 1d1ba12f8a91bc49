-- Coroutine style: waits of calls, legs and agents; who resumes a coroutine; what ends a wait.
local rcml = require "rcml"

local function phones()
  local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
  agent:on("incoming", function(call)
    if call.to:find("busy") then return assert(call:reject(486)) end
    if call.to:find("silent") then return end
    assert(call:ring())
    assert(call:answer())
  end)
  return agent, agent:listeners()[1]
end
local function both(one, other, until_true, what)
  for _ = 1, 2000 do
    if until_true() then return end
    one:run(0.002)
    other:run(0.002)
  end
  error("did not happen: " .. what, 2)
end
local function document(...)
  local parties = {}
  for i, party in ipairs { ... } do parties[i] = "<Sip>" .. party .. "</Sip>" end
  return "<Response><Dial sequential='true'>" .. table.concat(parties) .. "</Dial></Response>"
end
local function named(uri, name) return (uri:gsub("sip:", "sip:" .. name .. "@")) end

-- 1. One scenario, told by handlers and told by a coroutine: the party answers, one phone is busy, the next one talks.
local function by_handlers(agent, phone, trace)
  local call
  agent:on("ringing", function() trace[#trace + 1] = "ringing" end)
  agent:on("answered", function() trace[#trace + 1] = "answered" end)
  agent:on("status", function(leg, event)
    if event.name == "initiated" then return end
    trace[#trace + 1] = #call.legs .. " " .. event.name .. " " .. event.status
    if event.name == "answered" then assert(leg.call == call and call:hangup()) end
  end)
  agent:on("ended", function(_, event) trace[#trace + 1] = "ended " .. event.status end)
  call = assert(agent:call { to = phone, document = document(named(phone, "busy"), phone) })
end
local function by_coroutine(agent, phone, trace)
  agent:spawn(function()
    local call = assert(agent:call { to = phone, document = document(named(phone, "busy"), phone) })
    assert(call:wait("ringing", 5))
    trace[#trace + 1] = "ringing"
    assert(call:wait("answered", 5))
    trace[#trace + 1] = "answered"
    local event = assert(call:wait("status", 5)) -- the first leg begins
    event = assert(event.leg:wait("completed", 5))
    trace[#trace + 1] = "1 completed " .. event.status
    local leg = assert(call:wait("status", 5)).leg
    trace[#trace + 1] = "2 ringing " .. assert(leg:wait("ringing", 5)).status
    trace[#trace + 1] = "2 answered " .. assert(leg:wait("answered", 5)).status
    assert(call:hangup())
    trace[#trace + 1] = "2 completed " .. assert(leg:wait("completed", 5)).status
    trace[#trace + 1] = "ended " .. assert(call:wait("ended", 5)).status
  end)
end
local told = {}
for i, style in ipairs { by_handlers, by_coroutine } do
  local others, phone = phones()
  local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
  local trace = {}
  style(agent, phone, trace)
  both(agent, others, function() return trace[#trace] and trace[#trace]:find("^ended") end, "the end of the call")
  told[i] = table.concat(trace, ", ")
  agent:close()
  others:close()
end
assert(told[1] == told[2], told[1] .. "\n" .. told[2])
assert(told[1] == "ringing, answered, 1 completed busy, 2 ringing ringing, 2 answered in-progress, "
  .. "2 completed completed, ended completed", told[1])

local others, phone = phones()
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local me = agent:listeners()[1]
local function finish(until_true, what) both(agent, others, until_true, what) end

-- 2. A wait has an end by the clock, and the agent's deadline knows of it; several waits end in their order.
local order = {}
for _, seconds in ipairs { 0.12, 0.04, 0.08 } do
  agent:spawn(function()
    assert(agent:sleep(seconds))
    order[#order + 1] = seconds
  end)
end
local deadline = assert(agent:deadline())
assert(deadline > 0 and deadline <= 0.04, deadline)
assert(agent:timeout() <= 0.04)
finish(function() return #order == 3 end, "three sleeps")
assert(table.concat(order, " ") == "0.04 0.08 0.12", table.concat(order, " "))
local silent = assert(agent:call { to = named(phone, "silent"), document = "<Response/>" })
local value, err = silent:wait({ "answered", "ended" }, 0.03)
assert(value == nil and err.name == "timeout" and err.code == 0 and tostring(err):find("in time"), tostring(err))
value, err = silent:wait("answered", 0)
assert(value == nil and err.name == "timeout")

-- 3. What cannot happen any more ends a wait: the call's end, the leg's end; what has happened is there at once.
local ends = {}
agent:spawn(function() ends.call, ends.error = silent:wait("answered") end)
agent:spawn(function() ends.any = silent:wait { "dial", "ended" } end)
assert(silent:hangup())
finish(function() return ends.error and ends.any end, "the ends of waits")
assert(ends.call == nil and ends.error.name == "gone" and ends.error.event.kind == "ended", tostring(ends.error))
assert(ends.any.kind == "ended" and ends.any.call == silent)
assert(silent:wait("ended", 0).kind == "ended")
value, err = silent:wait("dial", 1)
assert(value == nil and err.name == "gone")
local leg_error
agent:spawn(function()
  local call = assert(agent:call { to = phone, document = document(named(phone, "busy")) })
  local leg = assert(call:wait("status", 5)).leg
  local event
  event, leg_error = leg:wait("answered", 5)
  assert(event == nil and leg:wait("completed").status == "busy")
  assert(call:hangup() or call:wait("ended"))
end)
finish(function() return leg_error end, "a leg that ends")
assert(leg_error.name == "gone" and leg_error.event.status == "busy")

-- 4. The agent waits, too: a loop of its own over those who call.
local served = {}
agent:spawn(function()
  for _ = 1, 2 do
    local event = assert(agent:wait("incoming", 5))
    served[#served + 1] = event.to
    agent:spawn(function(call)
      assert(call:reject(486))
      local last = assert(call:wait("ended", 5))
      served[#served + 1] = last.status
    end, event.call)
  end
end)
for _ = 1, 2 do assert(others:call { to = me, document = "<Response/>" }) end
finish(function() return #served == 4 end, "two who call")

-- 5. A coroutine of another agent, and one of nobody's loop, which may yield to others as well.
local crossed
others:spawn(function() -- the phones' coroutine waits for a call of the agent, and answers to the phones' errors
  local call = assert(agent:call { to = phone, document = "<Response><Pause length='5'/></Response>" })
  assert(call:wait("answered", 5))
  assert(call:hangup())
  crossed = assert(call:wait("ended", 5)).status
end)
finish(function() return crossed end, "a call across agents")
assert(crossed == "completed")
local steps = {}
local generator = coroutine.create(function()
  assert(agent:sleep(0.01))
  steps[#steps + 1] = "slept"
  coroutine.yield("mine")
  steps[#steps + 1] = "resumed by its owner"
end)
assert(coroutine.resume(generator))
finish(function() return #steps == 1 end, "the sleep of a foreign coroutine")
assert(coroutine.status(generator) == "suspended" and coroutine.resume(generator) and #steps == 2)

-- 6. A loop of somebody else: its coroutines are held and resumed as it says.
local held, log = nil, {}
agent:attach {
  wait = function()
    local co = coroutine.running()
    return function() log[#log + 1] = "held" coroutine.yield("to the loop") end,
      function() log[#log + 1] = "called" held = co end
  end,
  close = function() log[#log + 1] = "closed" end,
}
local theirs = coroutine.create(function() return agent:sleep(0.01) end)
local _, yielded = coroutine.resume(theirs)
assert(yielded == "to the loop")
finish(function() return held end, "the call to the loop")
assert(coroutine.status(theirs) == "suspended", "the agent resumed what was not its own")
local _, slept = coroutine.resume(held)
assert(slept == true and table.concat(log, " ") == "held called", table.concat(log, " "))

-- 7. A handler that yields elsewhere is refused, with words about it; its request gets 500.
local complaint, action
agent.on_error = function(message) complaint = message end
agent:serve("/odd", function() coroutine.yield("to nobody") end)
agent:on("dial", function() action = true end)
agent:on("incoming", function(call) call:run { url = "host:/odd" } end)
assert(others:call { to = me, document = "<Response/>" })
finish(function() return complaint end, "a refusal")
assert(complaint:find("yields only in wait", 1, true) and complaint:find("waits.lua"), complaint)
agent:serve("/slow", function() -- and one that waits answers when it is done
  assert(agent:sleep(0.02))
  return "<Response><Dial><Sip>" .. named(phone, "busy") .. "</Sip></Dial></Response>"
end)
agent:on("incoming", nil)
agent:on("incoming", function(call) call:run { url = "host:/slow" } end)
assert(others:call { to = me, document = "<Response/>" })
finish(function() return action end, "the document of a function that waited")
agent.on_error = nil

-- 8. Misuse is an error at the line that did it.
local function raises(pattern, action_of_ours)
  local ok, message = pcall(action_of_ours)
  assert(not ok and tostring(message):find("waits.lua:%d+: ") and tostring(message):find(pattern), tostring(message))
end
raises("no such event here: answer", function() local e = silent:wait("answer") return e end)
raises("no such event", function() local e = agent:wait("initiated") return e end)
raises("name of an event", function() local e = silent:wait() return e end)
raises("name of an event", function() local e = silent:wait({}) return e end)
raises("names of events", function() local e = silent:wait({ "ended", 5 }) return e end)
raises("seconds expected", function() local e = silent:wait("ended", "soon") return e end)
raises("negative", function() local e = agent:sleep(-1) return e end)
raises("negative", function() local e = agent:sleep(0 / 0) return e end)
raises("seconds expected", function() local e = agent:sleep() return e end)
raises("colon", function() local e = silent.wait("ended") return e end)
raises("function expected", function() local e = agent:spawn("f") return e end)
raises("functions", function() local e = agent:attach { wait = 5 } return e end)

-- 9. An error in spawn is the caller's, or goes to on_error; closing ends every wait, and tells the loop once.
local ok, message = pcall(agent.spawn, agent, function() error("not today") end)
assert(not ok and message:find("not today") and message:find("traceback"), message)
local wrong = setmetatable({}, { __tostring = function() error("no") end })
ok, message = pcall(agent.spawn, agent, function() error(wrong) end)
assert(not ok and message:find("an error"), message)
local many, count = {}, 0
for i = 1, 200 do many[i] = i end
agent:spawn(function(...) count = select("#", ...) end, (table.unpack or unpack)(many))
assert(count == 200)
local function deeper() -- coroutines in coroutines in coroutines: an error in the end, never a crash
  count = count + 1
  agent:spawn(deeper)
end
assert(not pcall(deeper) and count > 250)
local last = {}
agent:spawn(function() last[1], last[2] = agent:wait("incoming") end)
agent:spawn(function() last[3], last[4] = agent:sleep(100) end)
agent:close()
assert(last[1] == nil and last[2].name == "closed" and last[3] == nil and last[4].name == "closed")
assert(table.concat(log, " ") == "held called closed")
value, err = agent:wait("incoming", 1)
assert(value == nil and err.name == "handle" and agent:sleep(1) == nil)
agent:close()
assert(others:stop())
value, err = others:wait("incoming", 5)
assert(value == nil and err.name == "closed")
