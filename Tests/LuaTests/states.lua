-- A closed scope closes its agent (5.4), and a state that ends with an open agent ends quietly.
local rcml = require "rcml"
if _VERSION == "Lua 5.4" then
  local kept, ended
  assert(load([[
    local rcml, keep = ...
    do
      local agent <close> = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
      keep(agent)
    end
  ]]))(rcml, function(agent)
    kept = agent
    agent:spawn(function() ended = select(2, agent:wait "incoming") end)
  end)
  assert(tostring(kept) == "rcml.agent (closed)" and ended.name == "closed")
end
local waiting = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
waiting:spawn(function() waiting:wait "incoming" end)
_G.left_open = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
