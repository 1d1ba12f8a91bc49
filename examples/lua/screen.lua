-- Rings two phones; who answers hears a private prompt first, and talks only after pressing 1.
-- usage: screen.lua PARTY ONE OTHER [JOURNAL]
local rcml = require "rcml"
local party, one, other, journal = ...
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0", journal = journal, speech_program = "flite" })
local hang_up, ask = "<Response><Hangup/></Response>", [[<Response><Gather numDigits="1" action="host:/key">
  <Say>A call for you. Press one to take it.</Say></Gather><Hangup/></Response>]]
agent:serve("/screen", function() return ask end)
agent:serve("/key", function(request) return request.params.Digits == "1" and "<Response/>" or hang_up end)
agent:on("digit", function(_, event) print("pressed: " .. event.digit) end)
agent:on("ended", function(_, event) print("the call ended: " .. event.status) agent:stop() end)
assert(agent:call { to = party, document = string.format([[<Response><Dial timeout="20">
  <Sip url="host:/screen">%s</Sip><Sip url="host:/screen">%s</Sip></Dial></Response>]], one, other) })
agent:run()
