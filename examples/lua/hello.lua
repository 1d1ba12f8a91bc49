-- Answers a call and says hello. usage: lua hello.lua [ADDRESS], udp:127.0.0.1:5060 if not said; call the URI it shows.
local rcml = require "rcml"
local agent = assert(rcml.agent { listen = arg[1] or "udp:127.0.0.1:5060", speech_program = "flite" })
agent:on("incoming", function(call) call:run "<Response><Say>Hello.</Say><Pause/></Response>" end)
agent:on("ended", function(_, event) print("ended: " .. event.status) agent:stop() end)
io.stderr:write("call ", agent:listeners()[1], "\n")
agent:run()
