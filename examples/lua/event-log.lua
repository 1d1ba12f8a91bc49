-- Every event of a call as one line of text: what a log of yours could hold. The phone is its own: it runs anywhere.
local rcml = require "rcml"
local phone = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0", transport_log = true })
local over, lines = false, 0

local function log(event)
  local words = {}
  for name, value in pairs(event) do
    if type(value) ~= "table" then words[#words + 1] = name .. "=" .. tostring(value):gsub("%s+", " "):sub(1, 60) end
  end
  table.sort(words)
  print(os.date("!%Y-%m-%dT%H:%M:%SZ ") .. table.concat(words, " "))
  lines = lines + 1
end
for _, name in ipairs { "ringing", "answered", "status", "dial", "finding", "digit", "ended", "message", "refused" } do
  agent:on(name, function(subject, event) log(event or subject) end)
end
agent:on("ended", function() over = true end)
phone:on("incoming", function(call) call:answer() end)
assert(agent:call { to = phone:listeners()[1], document = "<Response><Pause length='1'/></Response>" })
while not over do phone:run(0.01); agent:run(0.01) end
os.exit(lines > 5 and 0 or 1)
