-- host: URLs answered by functions: documents, screening, action, status callbacks, sounds; and functions that fail.
local rcml = require "rcml"
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0", callback_events = true, media = "anchored" })
local phones = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local me, phone = agent:listeners()[1], phones:listeners()[1]
phones:on("incoming", function(call) assert(call:answer()) end)
local function turn(until_true, what)
  for _ = 1, 3000 do
    if until_true() then return end
    phones:run(0.002)
    agent:run(0.002)
  end
  error("did not happen: " .. what, 2)
end
local asked, callbacks = {}, {}
local function serve(path, answer)
  agent:serve(path, function(request)
    asked[#asked + 1] = request.method .. " " .. request.path
    assert(request.deadline > 0 and request.agent == agent and request.call.agent == agent)
    assert(tostring(request):find("^rcml.request %u+ host:"), tostring(request))
    return answer(request)
  end)
end
agent:on("callback", function(_, event)
  callbacks[#callbacks + 1] = event.name .. " " .. event.status .. " " .. event.code
end)

-- A tone, 0.1 s of PCM at 8 kHz.
local function little(number, count)
  local octets = {}
  for i = 1, count do
    octets[i] = string.char(number % 256)
    number = math.floor(number / 256)
  end
  return table.concat(octets)
end
local samples = ("\0\16\0\240"):rep(400)
local wav = "RIFF" .. little(36 + #samples, 4) .. "WAVEfmt " .. little(16, 4) .. little(1, 2) .. little(1, 2)
  .. little(8000, 4) .. little(16000, 4) .. little(2, 2) .. little(16, 2)
  .. "data" .. little(#samples, 4) .. samples

-- 1. One call, and every kind of URL it has is ours.
local played, parameters
serve("/document", function(request)
  assert(request.params.CallSid == request.call.sid and request.params.greeting == "a b")
  return ([[<Response><Play>host:/sound</Play>
    <Dial action="host:/action"><Sip url="host:/screen" statusCallback="host:/status"
      statusCallbackEvent="initiated answered completed">%s</Sip></Dial></Response>]]):format(phone)
end)
serve("/sound", function()
  played = true
  return wav, "audio/wav"
end)
serve("/screen", function(request)
  assert(agent:sleep(0.01)) -- a function may wait
  agent:spawn(function() -- when both have talked for a while
    assert(agent:sleep(0.2))
    assert(request.call:end_dial())
  end)
  return "<Response/>"
end)
serve("/status", function() end)
serve("/action", function(request)
  parameters = request.params
  return 200, "<Response><Hangup/></Response>", "text/xml"
end)
agent:on("incoming", function(call) assert(call:run { url = "host:/document?greeting=a+b", method = "GET" }) end)
assert(phones:call { to = me, document = "<Response><Pause length='20'/></Response>" })
local ended
agent:on("ended", function(_, event) ended = event end)
turn(function() return ended and #callbacks == 3 end, "the whole call, asked: " .. table.concat(asked, ", "))
assert(played and parameters.DialCallStatus == "completed", parameters and parameters.DialCallStatus)
local told = " " .. table.concat(asked, " , ") .. " "
for _, one in ipairs { "GET /document", "GET /sound", "POST /screen", "POST /action", "POST /status" } do
  assert(told:find(" " .. one .. " ", 1, true), one .. " was not asked for: " .. told)
end
assert(select(2, told:gsub("/status", "")) == 3, told)
assert(table.concat(callbacks, ", ") == "initiated delivered 204, answered delivered 204, completed delivered 204",
  table.concat(callbacks, ", "))

-- 2. A function that fails: 500 and the next thing, words with a traceback for on_error, and the loop goes on.
local complaint
agent.on_error = function(message) complaint = message end
for path, answer in pairs {
  ["/raises"] = function() error("no such customer") end,
  ["/table"] = function() error { code = 5 } end,
  ["/yields"] = function()
    local nothing = coroutine.yield(1)
    return nothing
  end,
} do
  complaint, ended = nil, nil
  serve(path, answer)
  agent:on("incoming", nil)
  agent:on("incoming", function(call) assert(call:run { url = "host:" .. path }) end)
  assert(phones:call { to = me, document = "<Response/>" })
  turn(function() return ended and complaint end, "the failure of " .. path)
  assert(complaint:find("traceback") and complaint:find("served.lua:%d+"), complaint)
end

-- 3. Nobody's path is 404; with a handler for requests, the answers are the program's, and may come late.
ended = nil
agent:on("incoming", nil)
agent:on("incoming", function(call) assert(call:run { url = "host:/nowhere" }) end)
assert(phones:call { to = me, document = "<Response/>" })
turn(function() return ended end, "the end of a call without a document")
local late
agent:on("request", function(request) late = request end)
ended = nil
assert(phones:call { to = me, document = "<Response/>" })
turn(function() return late end, "a request")
assert(late.path == "/nowhere" and late:answer("<Response><Hangup/></Response>"))
local again, err = late:answer(404)
assert(again == nil and err.name == "gone", tostring(err))
turn(function() return ended end, "the end of the call that was answered late")
assert(not pcall(late.answer, late, {}) and not pcall(late.answer, {}))
