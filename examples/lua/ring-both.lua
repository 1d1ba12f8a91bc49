-- Calls a party, then rings two phones at once: the first to answer talks to it, the other is cancelled.
-- usage: ring-both.lua PARTY ONE OTHER [JOURNAL]
local rcml = require "rcml"
local party, one, other, journal = ...
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0", journal = journal })
agent:on("status", function(leg, event) print(leg.to, event.name, event.status) end)
agent:on("ended", function(_, event)
  print("the call ended: " .. event.status)
  agent:stop()
end)

assert(agent:call { to = party, document = string.format([[
<Response><Dial timeout="20"><Sip>%s</Sip><Sip>%s</Sip></Dial></Response>]], one, other) })
agent:run()
