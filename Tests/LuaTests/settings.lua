-- Settings: listed, read, set, given back; and whoever misspells something is told what was meant, in words of Lua.
local rcml = require "rcml"
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })

local function misused(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and tostring(message):find(pattern), tostring(message))
  -- The argument it blames is one that was given, and C is not spoken.
  assert(not tostring(message):find("#[4-9]") and not tostring(message):find("NULL"), tostring(message))
end
local function failed(pattern, value, err)
  assert(value == nil and err.name == "setting" and err.message:find(pattern), tostring(err))
end

-- The list is the engine's, and each setting reads back as it was set.
local listed = rcml.settings()
assert(#listed > 90)
local names = {}
for _, setting in ipairs(listed) do
  names[setting.name] = setting
  assert(setting.text:find("%.$") and setting.theme and setting.kind and setting.values and setting.example)
  assert(agent:get(setting.name) == setting.default, setting.name)
  local is_file = setting.name:find("^tls_") and setting.kind == "text"
  if not is_file and not ({ recordings = 1, sounds = 1, speech_program = 1 })[setting.name] then
    assert(agent:set(setting.name, setting.example), setting.name)
    assert(setting.kind == "secret" or tostring(agent:get(setting.name)) == setting.example, setting.name)
    assert(agent:set(setting.name, nil))
    assert(agent:get(setting.name) == setting.default, setting.name)
  end
end
assert(names.call_timeout.minimum == 1 and names.call_timeout.maximum == 600 and names.call_timeout.default == 60)
assert(names.reject_code.presets.twilio == "404" and names.call_timeout.clause == "U-65")
assert(agent:set("trust_domain", true) and agent:get("trust_domain") == true)
assert(agent:set("http_timeout", 2.5) and agent:get("http_timeout") == 2.5)
assert(agent:set("signing_key", "s3cr3t") and agent:get("signing_key") == "***")

failed("reject_code", agent:get("rejct_code"))
failed("reject_code", agent:set("rejct_code", nil))
failed("/nonexistent", agent:set("speech_program", "/nonexistent"))
failed("/nonexistent", agent:set("recordings", "/nonexistent"))
failed("public_address", agent:set("public_address", "zzz"))
failed("did you mean 'listen'", rcml.agent { listne = "udp:127.0.0.1:0" })
failed("did you mean 'ringing_mode'", rcml.agent { ringing_mood = "now" })
misused("not a table", agent.set, agent, "media", {})
misused("'media' must be a string", rcml.agent, { media = {} })
misused("value expected", agent.set, agent, "media")
misused("'listen' must be", rcml.agent, { listen = true })
misused("'listen' must be", rcml.agent, { listen = { 5 } })
misused("'journal' must be", rcml.agent, { journal = {} })
misused("'on_error' must be", rcml.agent, { on_error = "print" })

-- Option tables, and names of events.
local to = "sip:a@127.0.0.1:9"
misused("#1 to 'call'.*no field 'form'.*did you mean 'from'", function()
  local _ = agent:call { to = to, form = "17", document = "<Response/>" }
end)
misused("#1 to 'call'.*needs text or url", function() local _ = agent:call { to = to, document = {} } end)
misused("no field 'txet'.*did you mean 'text'", agent.call, agent, { to = to, document = { txet = "" } })
misused("'timeout' must be", agent.call, agent, { to = to, document = "<Response/>", timeout = 601 })
misused("no field 'tow'.*did you mean 'to'", agent.host_call, agent, { tow = "17" })
misused("no field 'outcome'.*did you mean 'outcomes'", rcml.simulate, { document = "<Response/>", outcome = {} })
misused("no field 'boddy'", rcml.simulate, { document = "<Response/>", answers = { ["*"] = { boddy = "" } } })
misused("no field 'cal'.*did you mean 'call'", rcml.ladder, "/dev/null", { cal = "CA1" })
misused("no such event: incomming; did you mean 'incoming'", agent.on, agent, "incomming", print)
misused("no such event here: endde; did you mean 'ended'", agent.wait, agent, "endde", 0)
misused("path", agent.serve, agent, "/x?y=1", print)
misused("path", agent.serve, agent, "http://a.example/x", print)

-- What a call of ours may ring.
local phones = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
phones:on("incoming", function(call) call:ring() end)
local ended
agent:on("ended", function(_, event) ended = event.status end)
assert(agent:call { to = phones:listeners()[1], document = "<Response/>", timeout = 1 })
for _ = 1, 1000 do
  if ended then break end
  phones:run(0.005)
  agent:run(0.005)
end
assert(ended == "no-answer", ended)

-- A path as a document writes it; parameters; and functions that return what is no answer.
local errors, digits, missing = {}, nil, nil
agent.on_error = function(message) errors[#errors + 1] = message end
agent:serve("host:/voice", function(request)
  digits = rcml.parameter(request, "CallSid")
  missing = rcml.parameter(request, "Digits")
  assert(request.params.CallSid == digits)
  return "<Response><Dial action='host:/after'><Sip>" .. to .. "</Sip></Dial></Response>"
end)
agent:serve("/after", function() return {} end)
ended = nil
phones:on("incoming", nil)
phones:on("incoming", function(call) assert(call:answer()) end)
agent:on("finding", function(_, finding) errors[#errors + 1] = finding.name .. " " .. finding.text end)
assert(agent:call { to = phones:listeners()[1], url = "host:/voice" })
for _ = 1, 2000 do
  if ended then break end
  phones:run(0.005)
  agent:run(0.005)
end
assert(ended and digits and digits:find("^CA") and missing == nil)
local all = table.concat(errors, "\n")
assert(all:find("a handler of agent:serve returns nothing, a body, or a status and a body, not a table", 1, true), all)
assert(all:find("500"), all)
assert(rcml.parameter({ attributes = "a=b+c&d=%2B" }, "d") == "+")
assert(rcml.parameter({ body = "", url = "host:/x?y=z" }, "y") == "z")
assert(rcml.parameter({ body = "y=&z", url = "host:/x" }, "y") == "") -- there, and empty
assert(rcml.parameter({ body = "y=&z", url = "host:/x" }, "x") == nil)
misused("expected", rcml.parameter, "x", "y")

-- A closed agent.
agent:close()
local _, err = agent:get("media")
assert(err.name == "handle" and err.message == "The agent is closed.", tostring(err))
phones:close()
