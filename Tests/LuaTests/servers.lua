-- What servers bring with a caller, settings of one call, and listeners that are given up.
local rcml = require "rcml"
local pbx = assert(rcml.agent { ask_targets = "all" })

local told, leg, called, over = {}, nil, nil, 0
for _, path in ipairs { "/told", "/screen", "/after" } do
  pbx:serve(path, function(request)
    told[#told + 1] = request.body
    return "<Response/>"
  end)
end
pbx:on("target", function() return "host:PJSIP%2Fbob" end)
pbx:on("host", function(party, event)
  if event.name ~= "call" then return end
  leg, called = party, event
  assert(party:host_answer())
end)
pbx:on("ended", function() over = over + 1 end)

local document = [[
<Response><Dial action="host:/after">
  <Sip statusCallback="host:/told" url="host:/screen">sip:bob@pbx.test</Sip>
</Dial></Response>]]
local function run(ready)
  for _ = 1, 500 do
    if ready() then return end
    pbx:run(0.01)
  end
  error "it did not happen in time"
end

local call = assert(pbx:host_call {
  from = "+49 30 1", to = "200", withheld = true, diversion = "<sip:302@pbx.test>;reason=busy",
  headers = { ["X-Account"] = "17/4", ["X-List"] = { "a", "b" }, Subject = "none" },
  settings = { account_sid = "AC7", leg_results = true },
  document = { text = document, settings = { api_version = 2026 } },
})
run(function() return leg end)
assert(called.to == "PJSIP/bob" and called.from == "sip:anonymous@anonymous.invalid")
assert(leg:host_hang_up())
run(function() return over == 1 end)
local all = table.concat(told, "\n")
for _, wanted in ipairs { "To=sip%3Abob%40pbx.test", "SipHeader_X-Account=17%2F4", "SipHeader_X-List=a%2C+b",
  "ForwardedFrom=302", "AccountSid=AC7", "ApiVersion=2026" } do
  assert(all:find(wanted, 1, true), wanted .. " is not in " .. all)
end
assert(not all:find("PJSIP", 1, true) and not all:find("Subject", 1, true))
assert(call.sid)

-- Who is answered already hears what rings; settings come before the first document only.
call = assert(pbx:host_call { answered = true })
local acts = {}
pbx:on("host", function(_, event) acts[#acts + 1] = event.name end)
assert(call:run { text = "<Response><Pause length='1'/></Response>", settings = { account_sid = "AC8" } })
run(function() return over == 2 end)
assert(acts[1] == "answer", table.concat(acts, " "))
call = assert(pbx:host_call { document = "<Response><Pause length='1'/></Response>" })
local done, err = call:run { text = "<Response/>", settings = { account_sid = "AC8" } }
assert(done == nil and err.name == "state", tostring(err))
done, err = pbx:host_call { settings = { max_calls = 3 } }
assert(done == nil and err.name == "setting" and tostring(err):find "max_calls", tostring(err))
done, err = pbx:host_call { headers = { ["X-A"] = "1\r\nX-Evil: 1" } }
assert(done == nil and err.name == "argument", tostring(err))
assert(not pcall(pbx.host_call, pbx, { headers = { ["X-A"] = true } }))
assert(not pcall(pbx.host_call, pbx, { headers = { "X-A" } }))
assert(not pcall(pbx.host_call, pbx, { headers = { ["X-A"] = { {} } } }))
assert(not pcall(call.run, call, { text = "<Response/>", settings = "account_sid=AC8" }))
assert(pbx:host_call { headers = "X-A=1&X-B=2" })

-- Listeners.
local first, second = assert(pbx:listen "udp:127.0.0.1:0"), assert(pbx:listen "tcp:127.0.0.1:0")
assert(pbx:unlisten(first) == true)
assert(#pbx:listeners() == 1 and pbx:listeners()[1] == second)
done, err = pbx:unlisten(first)
assert(done == nil and err.name == "gone", tostring(err))
assert(pbx:unlisten(second) == true and #pbx:listeners() == 0)

for _, setting in ipairs(rcml.settings()) do
  assert(setting.scope == "call" or setting.scope == "beginning" or setting.scope == "agent")
end
pbx:close()
