-- What a <Say> sounds like: a function of the host says (spec V-10, Q-26).
local rcml = require "rcml"
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local phone = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local address = phone:listeners()[1]
phone:on("incoming", function(call) call:answer() end)

-- Says something to the phone; the findings that came of it.
local function say(text)
  local findings, over = {}, false
  agent:on("finding", nil)
  agent:on("finding", function(_, event) findings[#findings + 1] = event.name end)
  agent:on("ended", nil)
  agent:on("ended", function() over = true end)
  local document = "<Response><Say voice='anna' language='de-DE'>" .. text .. "</Say></Response>"
  assert(agent:call { to = address, document = document })
  for _ = 1, 1000 do
    if over then return table.concat(findings, " ") end
    phone:run(0.003)
    agent:run(0.003)
  end
  error("the call did not end", 2)
end

local silence = ("\255"):rep(800)

-- 1. Without a handler nobody is asked, and nobody speaks.
assert(say("one") == "no-tts")

-- 2. A sound and its content type; it learns what to say, and how.
local seen = {}
agent:on("speech", function(request, event)
  seen[#seen + 1] = request.text
  assert(event.kind == "speech" and event.text == request.text and event.language == "de-DE")
  assert(request.voice == "anna" and request.language == "de-DE" and request.call.id)
  assert(tostring(request) == "rcml.speech anna de-DE", tostring(request))
  return silence, "audio/basic"
end)
assert(say("one") == "")
assert(#seen == 1 and seen[1] == "one")

-- 3. It is kept.
assert(say("one") == "" and #seen == 1)

-- 4. Nothing leaves it to the program of the setting, and there is none; noise is no sound.
agent:on("speech", nil)
agent:on("speech", function() end)
assert(say("two") == "no-tts")
agent:on("speech", nil)
agent:on("speech", function() return "noise" end)
assert(say("three") == "no-tts")

-- 5. The answer may come later, once.
local question
agent:on("speech", nil)
agent:on("speech", function(request)
  assert(request:answer(silence, "audio/basic"))
  local ok, err = request:answer(silence)
  assert(not ok and err.name == "gone")
  question = request
end)
assert(say("four") == "" and question)
assert(not pcall(question.answer, {}, silence))

-- 6. Without a handler nobody is asked any more.
agent:on("speech", nil)
assert(say("five") == "no-tts")

agent:close()
phone:close()
