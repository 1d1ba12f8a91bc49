-- Parties of your own, without a phone, a port or a packet: a caller in frames of 20 ms, and a noun that this program
-- answers for, whose party says what it hears. A PBX's channel or a microphone takes the caller's place.
local rcml = require "rcml"
local agent = assert(rcml.agent { ask_targets = "nouns" })
local echo, over = nil, false

agent:on("target", function(target) return target.text == "echo" and "host:echo" end)
agent:on("host", function(party, event)
  print(tostring(party), event.name)
  if event.name == "call" then echo = party; party:host_answer() end
end)
agent:on("ended", function() over = true end)

local caller = assert(agent:host_call {
  from = "100", document = "<Response><Dial><Client>echo</Client></Dial></Response>" })
local saw, heard = ("\0\48\0\208"):rep(80), 0 -- 320 octets: 160 samples of 16 bit
for frame = 1, 100 do
  caller:host_push(saw)
  local said = echo and echo:host_pull()
  if said then echo:host_push(said) end
  local back = caller:host_pull()
  if back and back:find("[^%z]") then heard = heard + 1 end
  if frame == 100 then caller:host_hang_up() end
  agent:run(0.02)
end
while not over do agent:run(0.02) end
print(heard .. " frames came back")
os.exit(heard > 50 and 0 or 1)
