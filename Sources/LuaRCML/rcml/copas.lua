--- An agent in a copas loop: `require "rcml.copas"(agent)`, then `copas.loop()`.
-- A coroutine of copas that waits for a call is resumed by copas, and may use all of copas.
local copas = require "copas"
local function nothing() end

-- Old copas knows nothing but sockets: a wait is one that has data when it is over.
local function bell(agent)
  local fd, rung = agent:fd(), false
  local socket = {
    getfd = function() return rung and fd or -1 end,
    dirty = function() return rung end,
    receive = function() return rung and "" or nil, "timeout" end,
    close = nothing,
  }
  return function() copas.receive(socket) end, function() rung = true end
end

---@param agent rcml.agent
return function(agent)
  local pause, closed = copas.pauseforever or copas.sleep, false
  local socket = setmetatable({ -- what copas takes for a server: it "accepts" when the agent has work
    getfd = function() return not closed and agent:fd() or -1 end,
    dirty = function() return false end,
    accept = function() agent:process() end,
    settimeout = nothing, close = nothing,
  }, { __tostring = function() return "tcp{rcml.agent}" end })
  agent:attach {
    wait = function()
      local co = coroutine.running()
      if not pause then return bell(agent) end
      return function() pause(-1) end, function() copas.wakeup(co) end
    end,
    close = function()
      closed = true
      if copas.removeserver then copas.removeserver(socket) end
    end,
  }
  copas.addserver(socket, nothing)
  agent:process()
end
