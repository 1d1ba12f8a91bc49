-- Calls a party again while it is busy: after a pause, and not for ever. The party is its own: it runs anywhere.
local rcml = require "rcml"
local party = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local tries, next_try, result = 0, os.time(), nil

agent:on("ended", function(_, event)
  print("try " .. tries .. ": " .. event.status)
  if event.status == "busy" and tries < 4 then next_try = os.time() + 1 else result = event.status end
end)
party:on("incoming", function(call)
  if tries < 3 then call:reject(486) else call:answer() end
end)
while not result do
  if next_try and os.time() >= next_try then
    tries, next_try = tries + 1, nil
    assert(agent:call { to = party:listeners()[1], document = "<Response><Pause length='1'/></Response>" })
  end
  party:run(0.01)
  agent:run(0.01)
end
os.exit(result == "completed" and tries == 3 and 0 or 1)
