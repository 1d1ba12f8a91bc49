-- Coroutine style: calls a phone, waits for it step by step, and hangs up. The phone is its own: it runs anywhere.
local rcml = require "rcml"
local phones = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
phones:on("incoming", function(call) call:ring() call:answer() end)
local call = assert(agent:call { to = phones:listeners()[1], document = "<Response><Pause length='60'/></Response>" })
local done = false
agent:spawn(function()
  print(call:wait({ "ringing", "answered" }, 30).kind, call:wait("answered", 30).kind)
  done = agent:sleep(0.2) and call:hang_up() and call:wait("ended", 30).status
  print(call, done)
end)
while not done do phones:run(0.01) agent:run(0.01) end
os.exit(done == "completed" and 0 or 1)
