-- Calls a phone, rings another for it, hangs up once they talk. Both phones are its own: it runs anywhere.
local rcml = require "rcml"
local phones = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local phone, talked, over = phones:listeners()[1], false, false
phones:on("incoming", function(call) call:answer() end)
agent:on("status", function(leg, event)
  print(leg.to, event.name, event.status)
  if event.name == "answered" then talked = true; leg.call:hangup() end
end)
assert(agent:call { to = phone, document = "<Response><Dial><Sip>" .. phone .. "</Sip></Dial></Response>" })
agent:on("ended", function(_, event) print("ended", event.status); over = true end)
while not over do phones:run(0.01); agent:run(0.01) end
os.exit(talked and 0 or 1)
