-- Verbs that only the host knows: what a function returns is the answer (spec D-28).
local rcml = require "rcml"
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local phone = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local address = phone:listeners()[1]
phone:on("incoming", function(call) call:answer() end)

-- Calls the phone with a document of one verb, and says what became of it.
local function run(handler)
  local findings, over = {}, false
  agent:on("verb", nil)
  if handler then agent:on("verb", handler) end
  agent:on("finding", nil)
  agent:on("finding", function(_, event) findings[#findings + 1] = event.name end)
  agent:on("ended", nil)
  agent:on("ended", function() over = true end)
  assert(agent:call { to = address, document = "<Response><Pay charge='5'>now</Pay></Response>" })
  for _ = 1, 1000 do
    if over then return table.concat(findings, " ") end
    phone:run(0.003)
    agent:run(0.003)
  end
  error("the call did not end", 2)
end

-- 1. Nobody is asked without a handler; nothing and false skip it.
assert(run(nil) == "unsupported-verb")
local seen
assert(run(function(question, event)
  seen = question
  assert(event.kind == "verb" and question.call.id and question.leg == nil)
end) == "unsupported-verb")
assert(seen.verb == "Pay" and seen.text == "now" and seen.attributes == "charge=5" and seen.document == "")
assert(tostring(seen) == "rcml.verb Pay", tostring(seen))
assert(run(function() return false end) == "unsupported-verb")

-- 2. true: it is done. A document runs in its place; one that is none counts as nothing.
assert(run(function() return true end) == "")
assert(run(function() return "<Response><Say>One</Say></Response>" end) == "no-tts")
assert(run(function() return { text = "<Response><Say>One</Say></Response>" } end) == "no-tts")
assert(run(function() return { url = "ftp://x/" } end) == "unsupported-verb")

-- 3. The answer may be given by hand, once, and later.
assert(run(function(question)
  agent:sleep(0.01)
  assert(question:answer(true))
  local ok, err = question:answer(true)
  assert(not ok and err.name == "gone")
  return false
end) == "")
agent:close()
phone:close()
