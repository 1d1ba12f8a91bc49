-- Writes the counters into a file for the textfile collector of Prometheus' node_exporter: metrics.lua [FILE.prom]
-- The file is always whole: it is written beside and renamed.
local rcml = require "rcml"
local path = ... or os.tmpname()
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })

local function export()
  local file = assert(io.open(path .. ".tmp", "w"))
  assert(file:write(assert(agent:metrics())))
  assert(file:close())
  assert(os.rename(path .. ".tmp", path))
end

-- In a program of your own this goes on for ever, with 15 seconds instead of a tenth.
for _ = 1, 3 do agent:run(0.1); export() end
for line in io.lines(path) do
  if line:find("^rcml_calls") then print(line) end
end
if not (...) then os.remove(path) end
