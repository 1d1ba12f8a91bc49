-- Transfers a live call: the caller talks to alice, and is taken from her to another document, which rings bob.
local rcml = require "rcml"
local phones = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local place, talked, over = phones:listeners()[1], "", false
local function dial(name)
  return "<Response><Dial><Sip>" .. place:gsub("sip:", "sip:" .. name .. "@") .. "</Sip></Dial></Response>"
end

agent:on("status", function(leg, event)
  print(leg.to, event.name, event.status)
  if event.name ~= "answered" then return end
  talked = talked .. leg.to:match("sip:(%a+)@") .. " "
  if leg.to:find("alice") then leg.call:run(dial("bob")) else leg.call:hangup() end
end)
agent:on("ended", function() over = true end)
phones:on("incoming", function(call) call:answer() end)
assert(agent:call { to = place, document = dial("alice") })
while not over do phones:run(0.01); agent:run(0.01) end
os.exit(talked == "alice bob " and 0 or 1)
