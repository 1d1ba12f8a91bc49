-- The same as reasons.c: reasons.lua PARTY text|url DOCUMENT NAME=VALUE...
local rcml = require "rcml"
local party, kind, document = arg[1], arg[2], arg[3]
local options = { listen = "udp:127.0.0.1:0" }
for place = 4, #arg do
  local name, value = arg[place]:match("^([^=]+)=(.*)$")
  options[name] = value
end
local agent = assert(rcml.agent(options))

local function tell(_, event)
  if not event.reason then return end
  io.write(("%s\t%s\t%d\t%s\n"):format(
    event.kind, event.reason, event.reason_code, event.reason_text))
end

for _, name in ipairs { "status", "dial", "ended", "callback", "recording", "finding" } do
  agent:on(name, function(subject, event)
    tell(subject, event)
    if name == "ended" then agent:drain() end
  end)
end
agent:on("target", function(question) question:answer(true) end)
agent:on("url", function(question) question:answer(true) end)
assert(agent:call { to = party, document = kind == "text" and document or { url = document } })
agent:run()
