--- An agent in a cqueues controller: `require "rcml.cqueues"(agent, controller)`, then `controller:loop()`.
-- A coroutine of the controller that waits for a call is resumed by the controller, and may use all of cqueues.
local cqueues = require "cqueues"
local condition = require "cqueues.condition"

---@param agent rcml.agent
---@param controller userdata  a cqueue
return function(agent, controller)
  local closed = false
  local changed = condition.new()
  agent:attach {
    wait = function()
      local running, is_coroutine = cqueues.running()
      if not (running and is_coroutine) then return nil end
      local over = condition.new()
      changed:signal() -- the driver may have to sleep less
      return function() over:wait() end, function() over:signal() end
    end,
    close = function()
      closed = true
      controller:cancel(agent:fd())
      changed:signal()
    end,
  }
  controller:wrap(function()
    while not closed do
      agent:process()
      if not closed then cqueues.poll(agent, changed) end
    end
  end)
end
