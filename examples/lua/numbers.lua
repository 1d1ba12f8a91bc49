-- Numbers that only this program knows: <Number> in a document becomes an address, and nobody else may be dialled.
local rcml = require "rcml"
local desk = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local numbers, result = { ["17"] = desk:listeners()[1] }, nil
agent:on("target", function(target) return numbers[target.text] or false end)
agent:on("status", function(leg, event) print(leg.to, event.name, event.status) end)
agent:on("dial", function(_, event) result = event.status end)
desk:on("incoming", function(call) call:run "<Response><Reject reason='busy'/></Response>" end)
agent:on("incoming", function(call) call:run "<Response><Dial><Number>17</Number></Dial></Response>" end)
assert(desk:call { to = agent:listeners()[1], document = "<Response/>" })
while not result do desk:run(0.01); agent:run(0.01) end
os.exit(result == "busy" and 0 or 1)
