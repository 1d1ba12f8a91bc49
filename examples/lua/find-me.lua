-- Find me: the desk rings, then the mobile, and when nobody takes the call, the caller leaves a message.
-- Everybody in it is played by this program, so that it runs anywhere.
local rcml = require "rcml"
local others = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local folder = os.tmpname():match("^(.*)/")
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0", recordings = folder })
local place, message, over = others:listeners()[1]:match("sip:(.*)"), nil, false

agent:on("incoming", function(call)
  call:run(string.format([[<Response><Dial sequential="true" timeout="1" action="host:/nobody">
    <Sip>sip:desk@%s</Sip><Sip>sip:mobile@%s</Sip></Dial></Response>]], place, place))
end)
agent:serve("/nobody", function(request)
  if request.params.DialCallStatus == "completed" then return "<Response/>" end
  return [[<Response><Record action="host:/message" maxLength="60" timeout="2"/></Response>]]
end)
agent:serve("/message", function(request)
  message = request.params.RecordingUrl
  print(("a message of %s s from %s: %s"):format(request.params.RecordingDuration, request.params.From, message))
  return "<Response><Hangup/></Response>"
end)
agent:on("status", function(leg, event) print(leg.to, event.name, event.status) end)
agent:on("ended", function() over = true end)

-- The caller lets the beep pass, speaks for a second (a tone, in G.711) and says no more.
others:serve("/voice", function() return ("\30\11\11\30\158\139\139\158"):rep(1000), "audio/basic" end)
assert(others:call { to = agent:listeners()[1],
  document = "<Response><Pause length='1'/><Play>host:/voice</Play><Pause length='20'/></Response>" })
while not over do others:run(0.01); agent:run(0.01) end
os.exit(message and os.remove(message:gsub("^file://", "")) and 0 or 1)
