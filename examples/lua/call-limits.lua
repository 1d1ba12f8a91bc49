-- Two calls at a time, and none of them for longer than a second: who calls beyond that hears "busy".
-- The callers and the phone they want are its own: it runs anywhere.
local rcml = require "rcml"
local phones = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local place, running, count, number, over = phones:listeners()[1], {}, 0, {}, 0

agent:on("incoming", function(call)
  if count == 2 then return call:reject(486) end
  running[call], count = true, count + 1
  call:run("<Response><Dial timeLimit='1'><Sip>" .. place .. "</Sip></Dial></Response>")
end)
agent:on("ended", function(call)
  if running[call] then running[call], count = nil, count - 1 end
end)

phones:on("incoming", function(call) call:answer() end)
phones:on("ended", function(call, event)
  if number[call] then print("call " .. number[call] .. ": " .. event.status); over = over + 1 end
end)
for i = 1, 3 do
  number[assert(phones:call { to = agent:listeners()[1], document = "<Response><Pause length='10'/></Response>" })] = i
end
while over < 3 or count > 0 do phones:run(0.01); agent:run(0.01) end
local counters = agent:counters()
os.exit(counters.calls_completed == 2 and counters.calls_busy == 1 and 0 or 1)
