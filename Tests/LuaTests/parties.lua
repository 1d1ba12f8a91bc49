-- Parties of the program's own: a caller it brings, a target it answers for, frames both ways.
local rcml = require "rcml"
local pbx = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local desk = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local place = desk:listeners()[1]

local told, party = {}, nil
desk:on("target", function(target)
  assert(target.noun == "Client" and target.text == "front")
  return "host:front"
end)
desk:on("host", function(leg, event)
  assert(leg.call == event.call and event.leg == leg)
  told[#told + 1] = event.name == "key" and "key " .. event.text or event.name
  if event.name ~= "call" then return end
  assert(event.to == "front" and event.status == "linear16" and event.from:find("^sip:100@[^>]+$"))
  assert(event.text == nil)
  party = leg
  assert(leg:host_ring())
  assert(leg:host_answer())
end)
desk:on("incoming", function(call) call:run "<Response><Dial><Client>front</Client></Dial></Response>" end)

local acts, over, keys, deskKeys = {}, false, "", ""
pbx:on("host", function(call, event)
  assert(tostring(call):find("^rcml.call CA"))
  acts[#acts + 1] = event.name == "key" and "key " .. event.text or event.name
end)
pbx:on("digit", function(_, event) keys = keys .. event.digit end)
desk:on("digit", function(_, event) deskKeys = deskKeys .. event.digit end)
pbx:on("ended", function() over = true end)

local call = assert(pbx:host_call {
  from = "100", to = "200", name = "Alice",
  document = "<Response><Dial><Sip>" .. place .. "</Sip></Dial></Response>",
})
assert(call.from == "100" and call.to == "200")
local function turn(seconds)
  for _ = 1, seconds * 100 do
    pbx:run(0.005)
    desk:run(0.005)
  end
end
for _ = 1, 50 do
  if party and acts[#acts] == "answer" then break end
  turn(0.1)
end
assert(table.concat(acts, " ") == "ring answer", table.concat(acts, " "))

-- A frame of a steep ramp is heard on the other side as frames that are not silent.
local frame, heard = ("\0\32\0\224"):rep(80), 0
for _ = 1, 60 do
  assert(call:host_push(frame) ~= nil)
  local got = party:host_pull() -- false: nothing has come yet
  assert(got ~= nil)
  if got and got:find("[^%z]") then heard = heard + 1 end
  turn(0.02)
end
assert(heard > 20, heard .. " frames were heard")

assert(call:host_press_digit("5"))
assert(party:host_press_digit("#"))
turn(1)
assert(deskKeys == "5" and keys == "#", deskKeys .. " " .. keys)

-- What cannot be said now is nil and an error; what is no argument is an error.
local done, err = call:host_answer()
assert(done == nil and err.name == "state", tostring(err))
done, err = call:host_offer("v=0")
assert(done == nil and err.name == "state", tostring(err))
done, err = call:host_refuse()
assert(done == nil and err.name == "state", tostring(err))
done, err = pbx:host_call { from = "a\nb" }
assert(done == nil and err.name == "uri", tostring(err))
done, err = call:host_push("short")
assert(done == nil and err.name == "argument", tostring(err))
assert(not pcall(call.host_press_digit, call, "12"))
assert(not pcall(pbx.host_call, pbx, { media = "tape" }))

assert(call:host_hang_up())
for _ = 1, 50 do
  if over and told[#told] == "hang-up" then break end
  turn(0.1)
end
assert(over and table.concat(told, " ") == "call key 5 hang-up", table.concat(told, " "))
done, err = call:host_pull()
assert(done == nil and err.name == "gone", tostring(err))
pbx:close()
desk:close()
