-- What a journal holds: the same again, the ladder, and the messages one by one.
local rcml = require "rcml"
local path = os.tmpname()
local phone = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
phone:on("incoming", function(call) assert(call:reject(486)) end)
local agent = assert(rcml.agent { journal = path })
assert(agent:trace(10))
assert(agent:listen "udp:127.0.0.1:0")
assert(agent:call { to = phone:listeners()[1], document = "<Response/>" })
local ended = false
agent:on("ended", function() ended = true end)
for _ = 1, 1000 do
  if ended then break end
  phone:run(0.003)
  agent:run(0.003)
end
assert(ended)
-- What the agent keeps in memory is what its journal says.
local live = assert(agent:ladder())
assert(live:find("486") and assert(agent:ladder { form = "list" }):find("busy %(486%), by callee"))
local kept, missing = agent:ladder { call = "2" }
assert(kept == nil and missing.name == "gone")
agent:close()
phone:close()

assert(rcml.replay(path).records > 5)
assert(rcml.ladder(path):find("486") and rcml.ladder(path, { call = "1" }) == live)
assert(rcml.ladder(path, { time = "utc" }):find("began %d%d%d%d%-%d%d%-%d%d %d%d:%d%d:%d%d%.%d%d%d %+00:00"))
assert(rcml.ladder(path, { form = "why", choice = "last" }):find("^call 1  CA"))
for object in assert(rcml.ladder(path, { form = "json" })):gmatch("[^\n]+") do assert(object:find('^{"kind":".*}$')) end
local no, why = rcml.ladder(path, { form = "lits" })
assert(no == nil and why.name == "argument" and why.message:find("did you mean [^?]*list"))
local messages = assert(rcml.messages(path))
assert(#messages >= 3 and messages[1].sent and messages[1].text:find("^INVITE sip:"))
assert(messages[1].local_address:find("^udp:127.0.0.1:%d+$") and messages[1].peer ~= messages[1].local_address)
assert(messages[1].at >= 0 and messages[1].time > 1600000000)
local busy = 0
for _, message in ipairs(messages) do
  if not message.sent and message.text:find("^SIP/2.0 486") then busy = busy + 1 end
  assert(message.call_sid:find("^CA%x+$") and message.call_sid == messages[1].call_sid)
end
assert(busy >= 1)
assert(#rcml.messages(path, { call = messages[1].call_sid }) == #messages)
local none, err = rcml.messages(path, { call = "CA99" })
assert(none == nil and err.name == "gone")
os.remove(path)

-- Messages of one TCP connection share its number; datagrams have none.
assert(messages[1].connection == nil)
phone = assert(rcml.agent { listen = "tcp:127.0.0.1:0" })
agent = assert(rcml.agent { journal = path, listen = "tcp:127.0.0.1:0" })
phone:on("incoming", function(call) assert(call:reject(486)) end)
ended = false
agent:on("ended", function() ended = true end)
assert(agent:call { to = phone:listeners()[1], document = "<Response/>" })
for _ = 1, 1000 do
  if ended then break end
  phone:run(0.003)
  agent:run(0.003)
end
messages = assert(rcml.messages(path))
assert(ended and #messages >= 3 and messages[1].connection > 0)
for _, message in ipairs(messages) do assert(message.connection == messages[1].connection) end
os.remove(path)
