-- The example of the interface, word for word but for its ports: a screening function without a web server.
local rcml = require "rcml"
local alice = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local bob = assert(rcml.agent { listen = "tcp:127.0.0.1:0" })
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
assert(agent:listen("tcp:127.0.0.1:0"))
local lines, served = {}, 0

agent:serve("/screen", function()                  -- host:/screen, no web server needed
  served = served + 1
  return "<Response><Say>A call for you.</Say></Response>"
end)

local ports = { alice = alice:listeners()[1]:match(":(%d+);"), bob = bob:listeners()[1]:match(":(%d+);") }
agent:on("incoming", function(call)
  call:run(([[<Response><Dial timeout="20">
      <Sip url="host:/screen">sip:alice@127.0.0.1:ALICE</Sip>
      <Sip>sip:bob@127.0.0.1:BOB;transport=tcp</Sip>
  </Dial></Response>]]):gsub("ALICE", ports.alice):gsub("BOB", ports.bob))
end)
agent:on("status", function(leg, event) lines[#lines + 1] = leg.to .. " " .. event.name .. " " .. event.status end)

bob:on("incoming", function(call) call:ring() end)
alice:on("incoming", function(call) call:answer() end)
assert(bob:call { to = agent:listeners()[2], document = "<Response><Pause length='1'/></Response>" })
local over = false
agent:on("ended", function() over = true end)
for _ = 1, 2000 do
  if over then break end
  for _, one in ipairs { alice, bob, agent } do one:run(0.002) end
end
local text = table.concat(lines, "\n")
assert(over, "the call did not end:\n" .. text)
assert(served == 1, "the screening function was asked " .. served .. " times:\n" .. text)
assert(text:find("alice") and text:find("bob") and text:find("answered in%-progress"), text)
