-- What every loop must be able to do. The loop gives: attach(agent); start(function), a coroutine of the loop;
-- sleep(seconds) in it; run(is_over), which comes back when it is, or when nothing is left to be watched.
local rcml = require "rcml"

return function(loop)
  local phones = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
  local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
  local phone = phones:listeners()[1]
  local steps, slept, drained = {}, false, false
  local function step(text) steps[#steps + 1] = text end
  loop.attach(phones)
  loop.attach(agent)

  -- A handler waits, and is resumed by the agent.
  phones:on("incoming", function(call)
    if call.to:find("silent") then return end
    assert(phones:sleep(0.02))
    assert(call:answer())
    step("phone " .. assert(call:wait("ended", 5)).status)
  end)

  loop.start(function()
    local call = assert(agent:call { to = phone, document = "<Response><Pause length='5'/></Response>" })
    step(assert(call:wait("answered", 5)).kind)
    loop.sleep(0.02) -- the loop resumed us: what is the loop's works as before
    assert(call:hangup())
    local last = assert(call:wait("ended", 5))
    step("call " .. last.status)

    -- Nothing happens meanwhile but the end of this wait.
    local silent = assert(agent:call { to = phone:gsub("sip:", "sip:silent@"), document = "<Response/>" })
    local before = os.time()
    local event, err = silent:wait("answered", 0.05)
    assert(event == nil and err.name == "timeout" and os.time() - before <= 1)
    assert(agent:sleep(0.05) and slept, "another coroutine of the loop had no turn")
    step("timeout")
    event, err = silent:wait({ "answered", "ringing" }, 30)
    assert(event == nil and err.name == "closed")
    step("closed")
    assert(phones:stop())
  end)
  loop.start(function()
    loop.sleep(0.01)
    slept = true
    while steps[#steps] ~= "timeout" do loop.sleep(0.01) end
    agent:close() -- ends the wait above, while the loop watches
  end)
  phones:on("drained", function() drained = true end)
  loop.run(function() return drained end)
  local told = table.concat(steps, ", ")
  assert(told == "answered, phone completed, call completed, timeout, closed"
    or told == "answered, call completed, phone completed, timeout, closed", told)
  assert(phones:wait("incoming", 1) == nil)
  phones:close()
end
