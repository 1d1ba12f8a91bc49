-- Agents in a copas loop.
local copas = require "copas"
local socket = require "socket"
local drive = require "rcml.copas"
require "scenario" {
  attach = drive,
  start = function(body) copas.addthread(body) end,
  sleep = function(seconds)
    if copas.pause then return copas.pause(seconds) end
    if copas.sleep then return copas.sleep(seconds) end
    -- Old copas has no clock: a socket that always has something, but nothing whole before the time is over.
    local here, until_then = assert(socket.udp()), socket.gettime() + seconds
    assert(here:setsockname("127.0.0.1", 0))
    copas.receive {
      getfd = function() return here:getfd() end,
      dirty = function() return true end,
      receive = function() return socket.gettime() >= until_then and "" or nil, "timeout" end,
      close = function() here:close() end,
    }
  end,
  run = function(is_over) -- copas.loop() of the old one never comes back
    while not is_over() do copas.step(1) end
  end,
}
