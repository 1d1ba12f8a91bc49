--- An agent in a luv loop: `require "rcml.luv"(agent)`, then `uv.run()`, which returns when no agent is left.
-- luv has no coroutines of its own: one that waits for a call is resumed by the agent.
local uv = require "luv"

---@param agent rcml.agent
---@return userdata poll  the handle; close it to stop driving
return function(agent)
  local poll = assert(uv.new_poll(assert(agent:fd())))
  agent:attach {
    close = function()
      if not poll:is_closing() then poll:close() end
    end,
  }
  assert(poll:start("r", function() agent:process() end))
  agent:process()
  return poll
end
