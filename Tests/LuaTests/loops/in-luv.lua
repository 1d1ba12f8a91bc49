-- Agents in a luv loop.
local uv = require "luv"
local drive = require "rcml.luv"
require "scenario" {
  attach = drive,
  start = function(body) coroutine.wrap(body)() end,
  sleep = function(seconds)
    local co, timer = coroutine.running(), uv.new_timer()
    timer:start(math.floor(seconds * 1000), 0, function()
      timer:close()
      assert(coroutine.resume(co))
    end)
    coroutine.yield()
  end,
  run = function() uv.run() end,
}
