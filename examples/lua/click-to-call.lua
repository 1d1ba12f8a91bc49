-- Click to call: who clicked is called first, and once they answer, whom they want to talk to.
-- The caller's phone shows the other's number, and the other's the caller's. The phones are its own: it runs anywhere.
local rcml = require "rcml"
local phones = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local talking, over = false, false

-- What the handler of your web page calls.
local function click(me, them)
  return assert(agent:call { to = me, from = them, document = string.format(
    "<Response><Dial callerId='%s' timeout='20'><Sip>%s</Sip></Dial></Response>", me, them) })
end

agent:on("answered", function(call) print(call.to .. " picked up") end)
agent:on("status", function(leg, event)
  print(leg.to, event.name, event.status)
  if event.name == "answered" then talking = true; leg.call:hangup() end
end)
agent:on("ended", function() over = true end)

phones:on("incoming", function(call) print(call.to .. " sees a call from " .. call.from); call:answer() end)
local place = phones:listeners()[1]
click(place:gsub("sip:", "sip:me@"), (place:gsub("sip:", "sip:them@")))
while not over do phones:run(0.01); agent:run(0.01) end
os.exit(talking and 0 or 1)
