-- A document against scripted phones: nothing leaves the process, no time passes (spec E-7).
local rcml = require "rcml"

local document = [[<Response><Dial action="http://example.com/after">
  <Sip statusCallback="http://example.com/cb" statusCallbackEvent="completed">sip:alice@example.com</Sip>
  <Sip>sip:bob@example.com</Sip>
</Dial></Response>]]

local told = assert(rcml.simulate {
  document = document,
  outcomes = { "1:180,after=2:200,after=5:bye", "2:486" },
  answers = { ["http://example.com/after"] = "<Response><Hangup/></Response>", ["*"] = 204 },
  settings = { ringing_mode = "on-ringing" },
})
assert(told.lost == false and told.ladder:find("BYE 1"))
local kinds, last = {}, nil
for _, event in ipairs(told.events) do
  kinds[event.kind] = (kinds[event.kind] or 0) + 1
  last = event
  if event.kind == "dial" then
    assert(event.status == "completed" and event.duration == 5 and event.at == 7 and event.leg == 1)
  end
  if event.kind == "request" and event.url == "http://example.com/after" then
    assert(event.code == 200 and event.method == "POST" and event.body:find("DialCallStatus=completed", 1, true))
  end
end
assert(kinds.incoming == 1 and kinds.dial == 1 and kinds.request == 2 and kinds.callback == 1)
assert(last.kind == "ended" and last.status == "completed")

-- The same seed is the same call; a lost callback is said.
local again = assert(rcml.simulate { document = document })
assert(again.lost == true and again.ladder == assert(rcml.simulate { document = document }).ladder)
assert(again.ladder ~= assert(rcml.simulate { document = document, seed = 7 }).ladder)
local called = assert(rcml.simulate { document = "<Response><Pause length='9'/></Response>",
  outgoing = true, to = "sip:carl@example.com", caller_hangs_up = 3 })
assert(called.events[#called.events].at == 5)

-- Keys: of a party that is screened, and of the caller.
local screened = assert(rcml.simulate {
  document = "<Response><Dial><Sip url='http://h/screen'>sip:a@example.com</Sip></Dial></Response>",
  outcomes = { "1:180,after=2:200,after=3:key=1,after=9:bye", "0:after=8:key=5" },
  answers = {
    ["http://h/screen"] = "<Response><Gather numDigits='1' action='http://h/key'><Say>Hello</Say></Gather>" ..
      "<Hangup/></Response>",
    ["http://h/key"] = "<Response/>" },
  settings = { ask_speech = true },
})
local pressed = {}
for _, event in ipairs(screened.events) do
  if event.kind == "digit" then pressed[#pressed + 1] = event.digit .. "@" .. event.at end
  if event.kind == "speech" then assert(event.text == "Hello" and event.language == "en" and event.name == "man") end
end
assert(pressed[1]:match("^1@5") and pressed[2]:match("^5@8") and #pressed == 2, table.concat(pressed, " "))

-- Its journal is one like any other.
local path = os.tmpname()
assert(rcml.simulate { document = document, journal = path }.ladder == rcml.ladder(path))
assert(rcml.replay(path).inputs > 10 and #rcml.messages(path) > 10)
os.remove(path)

-- An answer with a status, a content type and a body: a sound that is asked for, and one that is not there.
local sounds = assert(rcml.simulate {
  document = "<Response><Play>http://a.example/hello</Play><Play>http://a.example/gone</Play></Response>",
  answers = {
    ["http://a.example/hello"] = { content_type = "audio/wav", body = "RIFF" },
    ["http://a.example/gone"] = { status = 410, body = "" },
  },
})
local codes = {}
for _, event in ipairs(sounds.events) do
  if event.kind == "request" then codes[#codes + 1] = event.url:match("%a+$") .. " " .. event.code end
end
assert(table.concat(codes, ", ") == "hello 200, gone 410", table.concat(codes, ", "))

-- What cannot be read.
local function failed(name, value, err) assert(value == nil and err.name == name, tostring(err)) end
failed("argument", rcml.simulate { document = "<Response/>", outcomes = { "1:2x0" } })
failed("setting", rcml.simulate { document = "<Response/>", settings = { ringing_mood = 1 } })
failed("file", rcml.simulate { document = document, journal = "/nowhere/at/all" })
failed("state", rcml.simulate { document = document, settings = { require_auth = "u:p" } })
failed("uri", rcml.simulate { document = "<Response/>", from = "not a party" })
for _, wrong in ipairs { { 1 }, { document = "x", outcomes = 1 }, { document = "x", answers = { a = {} } },
  { document = "x", answers = { a = true } },
  { document = "x", settings = { 1 } }, { document = "x", from = 1 }, { document = "x", outcomes = { 1 } } } do
  assert(not pcall(rcml.simulate, wrong))
end
assert(not pcall(rcml.simulate))
