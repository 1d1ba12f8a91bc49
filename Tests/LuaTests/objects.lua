-- What objects say of themselves, and how agents end: collected, closed, twice, in any order, in the middle of calls.
local rcml = require "rcml"
local function phone_agent(handler)
  local phones = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
  phones:on("incoming", handler)
  return phones, phones:listeners()[1]
end
local function turn(agents, until_true, what)
  local limit = os.time() + 20
  while os.time() < limit do
    if until_true() then return end
    for _, agent in ipairs(agents) do agent:run(0.002) end
  end
  error("did not happen: " .. what, 2)
end
local function collect()
  for _ = 1, 4 do collectgarbage() end
end

-- 1. Words for people, at each stage.
local phones, phone = phone_agent(function(call)
  if call.to:find("ring") then call:ring() else call:answer() end
end)
local function objects()
  local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
  local ringing = phone:gsub("sip:", "sip:ring@")
  local document = "<Response><Dial><Sip>" .. ringing .. "</Sip></Dial></Response>"
  local call = assert(agent:call { to = phone, document = document })
  assert(tostring(call) == "rcml.call (not begun) queued", tostring(call))
  turn({ agent, phones }, function() return call.legs[1] and call.legs[1].status == "ringing" end, "a leg that rings")
  assert(tostring(call) == "rcml.call " .. call.sid .. " in-progress" and call.sid:find("^CA%x+$"))
  local leg = call.legs[1]
  assert(tostring(leg):find("^rcml.leg CA%x+ ringing sip:ring@127"), tostring(leg))
  assert(leg.call == call and leg.events.ringing.leg == leg and leg.events.ringing.call == call)
  local info = assert(call:state())
  assert(info.legs[1].id == leg.id and info.legs[1].sid == leg.sid and info.legs[1].status == "ringing")
  call.note, agent.note = "mine", "mine"

  -- 2. What a shell completes: pairs shows the fields, and of an agent its methods, too (where pairs can be told to).
  local seen = {}
  for name, value in pairs(call) do seen[name] = value end
  assert(seen.sid == call.sid and seen.note == "mine" and seen.legs[1] == leg)
  assert(type(getmetatable(call).__index) == "table" and getmetatable(call).__index.hang_up == call.hang_up)
  local pairs_of = getmetatable(agent).__pairs
  for name, value in pairs_of(agent) do seen[name] = value end
  assert(seen.listen == agent.listen and seen.note == "mine")
  for _, object in ipairs { agent, call, leg } do
    local name = getmetatable(object).__name
    assert(name:find("^rcml%.%l+$") and tostring(object):find(name, 1, true))
  end

  -- 3. Misuse is raised at the caller's line; a thing of another kind is misuse, not a crash.
  for _, object in ipairs { agent, call, leg } do
    for name, method in pairs(getmetatable(object).methods) do
      for _, wrong in ipairs { 5, "text", {}, io.stdout, setmetatable({}, { __index = { id = 1, agent = {} } }) } do
        local ok, message = pcall(function()
          local result = method(wrong, "answered", 1)
          return result
        end)
        assert(not ok and tostring(message):find("objects.lua:%d+:"), name .. ": " .. tostring(message))
      end
    end
  end
  local fake = setmetatable({ id = "x", agent = agent }, getmetatable(call))
  local value, err = fake:hangup()
  assert(value == nil and err.name == "gone")
  fake = setmetatable({ id = 1 }, getmetatable(call))
  assert(not pcall(fake.hangup, fake) and not pcall(fake.wait, fake, "ended"))
end
objects()

-- 4. An agent that is collected in mid-call hangs up behind the program's back: who talks hears BYE, who rings, CANCEL.
local ends = {}
phones:on("ended", function(ended) ends[#ends + 1] = ended.to:match("ring") or "talk" end)
collect()
turn({ phones }, function() return #ends == 2 end, "the goodbyes of a collected agent")

-- 5. One whose INVITE has no answer yet may send its CANCEL only when there is one (RFC 3261 9.1): later than it was
-- collected, by the thread of the module.
local slow = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local function call_and_forget()
  local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
  assert(agent:call { to = slow:listeners()[1], document = "<Response/>" })
end
call_and_forget()
collect()
local cancelled
slow:on("ended", function(_, event) cancelled = event.status end)
slow:on("incoming", function(late) late:ring() end)
turn({ slow }, function() return cancelled end, "the CANCEL of an agent that was collected before")
assert(cancelled == "canceled" or cancelled == "no-answer", cancelled)

-- 6. The port of an agent that says goodbye is there at once for the next one.
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local address = "udp:127.0.0.1:" .. agent:listeners()[1]:match(":(%d+);")
assert(agent:call { to = "sip:nobody@127.0.0.1:9", document = "<Response/>" })
agent:process()
agent:close()
local after = assert(rcml.agent { listen = address })
local value, err = rcml.agent { listen = address }
assert(value == nil and err.name == "bind")

-- 7. Twice, in any order, by every way there is.
local meta = getmetatable(after)
local ways = { function(a) a:close() end, meta.__gc, meta.__close }
for first = 1, 3 do
  for second = 1, 3 do
    local doomed = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
    assert(doomed:call { to = phone, document = "<Response/>" })
    ways[first](doomed)
    ways[second](doomed)
    assert(tostring(doomed) == "rcml.agent (closed)" and doomed:deadline() == 0)
  end
  collect()
end
for _, way in ipairs(ways) do assert(not pcall(way, {})) end

-- 8. In a handler, and with an error on its way.
local closed
agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
agent:on("incoming", function(incoming)
  incoming.agent:close()
  closed = true
end)
assert(phones:call { to = agent:listeners()[1], document = "<Response/>" })
turn({ phones }, function()
  if not closed then agent:run(0.002) end
  return closed
end, "an agent that closes itself")
assert(agent:run() == nil and agent:process() == nil)

-- 9. Each method of what is over answers nil and an error, and raises none.
local over = {
  agent = { of = agent, name = "handle", methods = {
    set = { "ringing_mode", "on-ringing" }, listen = { "udp:127.0.0.1:0" }, journal = { "/nowhere/at/all" },
    default_document = { "<Response/>" }, call = { { to = phone, document = "<Response/>" } }, fd = {}, pollfd = {},
    process = {}, run = { 1 }, drain = {}, stop = {}, wait = { "incoming", 1 }, sleep = { 1 },
  } },
  call = { name = "gone", methods = {
    run = { "<Response/>" }, ring = {}, answer = {}, reject = { 486, "Busy" }, hang_up = {}, hangup = {}, end_dial = {},
    press_digit = { "1" }, record = { "/nowhere/at/all" }, state = {}, wait = { "dial", 1 },
  } },
}
local last = assert(phones:call { to = phone, document = "<Response/>" })
assert(last:hang_up() and last:wait("ended", 5))
over.call.of = last
for kind, case in pairs(over) do
  for method, arguments in pairs(case.methods) do
    local result, failure = case.of[method](case.of, (table.unpack or unpack)(arguments))
    assert(result == nil and failure.name == case.name, kind .. ":" .. method .. " " .. tostring(failure))
    assert(failure.code > 0 and tostring(failure) == failure.message and getmetatable(failure).__name == "rcml.error")
  end
end
