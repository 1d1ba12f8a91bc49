-- Agents in a cqueues controller, and polled as they are.
local rcml = require "rcml"
local cqueues = require "cqueues"
local drive = require "rcml.cqueues"
local controller = cqueues.new()
require "scenario" {
  attach = function(agent) drive(agent, controller) end,
  start = function(body) controller:wrap(body) end,
  sleep = cqueues.sleep,
  run = function() assert(controller:loop()) end,
}

-- Without the adapter: an agent is what cqueues polls.
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local slept
agent:spawn(function() slept = agent:sleep(0.03) end)
cqueues.new():wrap(function()
  while not slept do
    cqueues.poll(agent)
    agent:process()
  end
end):loop()
assert(slept)
