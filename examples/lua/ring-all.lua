-- Rings everybody at once; who presses 1 gets the call. A mailbox that picks up first does not win: it presses nothing.
-- The phones are its own: it runs anywhere.
local rcml = require "rcml"
local phones = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local place, winner, over = phones:listeners()[1], nil, false
local function phone(name) return (place:gsub("sip:", "sip:" .. name .. "@")) end

agent:serve("/accept", function() return [[<Response>
  <Gather numDigits="1" timeout="10" action="host:/key"/><Hangup/></Response>]] end)
agent:serve("/key", function(request)
  return request.params.Digits == "1" and "<Response/>" or "<Response><Hangup/></Response>"
end)
agent:on("status", function(leg, event) print(leg.to, event.name, event.status) end)
agent:on("dial", function(_, event) winner = event.leg and event.leg.to end)
agent:on("ended", function() over = true end)

phones:on("incoming", function(call)
  if call.to:find("alice") then
    call:run "<Response><Pause length='1'/><Play digits='1'/><Pause length='1'/><Hangup/></Response>"
  elseif not call.to:find("bob") then
    call:answer() -- the mailbox, and the one who called
  end
end)
assert(agent:call { to = phone("caller"), document = string.format([[<Response><Dial timeout="20">
  <Sip url="host:/accept">%s</Sip><Sip url="host:/accept">%s</Sip><Sip url="host:/accept">%s</Sip>
  </Dial></Response>]], phone("mailbox"), phone("alice"), phone("bob")) })
while not over do phones:run(0.01); agent:run(0.01) end
print("the call went to " .. tostring(winner))
os.exit(winner == phone("alice"):gsub(";.*", "") and 0 or 1)
