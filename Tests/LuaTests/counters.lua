-- What an agent has counted: as a table, as text for Prometheus, and the names of both.
local rcml = require "rcml"
local phones = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local phone = phones:listeners()[1]

-- The struct of the header, the list of names and the table of Lua name the same members, in the same order.
local folder = arg[0]:match("^(.*)/Tests/LuaTests/[^/]*$")
local header = assert(io.open(folder .. "/Include/rcml.h")):read("*a")
local struct = header:match("typedef struct rcml_counters {(.-)} rcml_counters;")
local members, list, counters = {}, rcml.metrics(), assert(agent:counters())
for name in struct:gmatch("uint64_t ([%w_]+);") do members[#members + 1] = name end
assert(#members > 60 and #members == #list, #list)
local count = 0
for index, name in ipairs(members) do
  assert(list[index].member == name, name)
  assert(list[index].kind == "counter" or list[index].kind == "gauge")
  assert(list[index].name:find("^rcml_") and list[index].help ~= "" and list[index].labels)
  assert(type(counters[name == "uptime_ms" and "uptime" or name]) == "number", name)
end
for _ in pairs(counters) do count = count + 1 end
assert(count == #members)

-- A call in them. Every sample of the text says what the table says.
phones:on("incoming", function(call) call:reject(486) end)
local ended
agent:on("ended", function(_, event) ended = event end)
assert(agent:call { to = phone, document = "<Response/>" })
for _ = 1, 1000 do
  if ended then break end
  phones:run(0.003)
  agent:run(0.003)
end
assert(ended and ended.status == "busy")
counters = assert(agent:counters())
assert(counters.calls_busy == 1 and counters.calls_outgoing == 1 and counters.calls_active == 0)
assert(counters.invites_sent == 1 and counters.uptime > 0 and counters.uptime < 60)
local text, samples = assert(agent:metrics()), {}
for line in text:gmatch("[^\n]+") do
  local key, value = line:match("^(rcml_[%w_]+%S*) ([%d.]+)$")
  assert(key or line:find("^# HELP rcml_") or line:find("^# TYPE rcml_"), line)
  if key then samples[key] = tonumber(value) end
end
for _, metric in ipairs(list) do
  local key = metric.name .. (metric.labels == "" and "" or "{" .. metric.labels .. "}")
  assert(samples[key], key)
  if metric.member ~= "uptime_ms" then assert(samples[key] == counters[metric.member], key) end
end
assert(samples['rcml_calls_total{result="busy"}'] == 1)

-- Misuse is an error, a closed agent nil and an error.
assert(not pcall(agent.counters, {}) and not pcall(agent.metrics))
agent:close()
local nothing, err = agent:counters()
assert(nothing == nil and err.name == "handle" and err.message ~= "")
nothing, err = agent:metrics()
assert(nothing == nil and err.name == "handle")
phones:close()
