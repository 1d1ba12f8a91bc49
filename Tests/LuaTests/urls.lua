-- Which URLs may be requested: a function of the host says (spec Y-4).
local rcml = require "rcml"
local agent = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local phone = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local address = phone:listeners()[1]
phone:on("incoming", function(call) call:answer() end)

-- Calls the phone with a document nobody serves, and says what became of it.
local function fetch(url)
  local findings, over = {}, false
  agent:on("finding", nil)
  agent:on("finding", function(_, event) findings[#findings + 1] = event.name end)
  agent:on("ended", nil)
  agent:on("ended", function() over = true end)
  assert(agent:call { to = address, document = { url = url } })
  for _ = 1, 1000 do
    if over then return table.concat(findings, " ") end
    phone:run(0.003)
    agent:run(0.003)
  end
  error("the call did not end", 2)
end

local nowhere = "http://127.0.0.1:9/voice?a=b"

-- 1. A function that returns nothing lets it pass, and learns which URL, and for whom.
local seen = {}
agent:on("url", function(request, event)
  seen[#seen + 1] = request.method .. " " .. request.url
  assert(event.kind == "url" and request.call.id)
  assert(tostring(request) == "rcml.url POST " .. nowhere, tostring(request))
end)
assert(fetch("http://user:secret@127.0.0.1:9/voice?a=b#rc=0") == "request-failed")
assert(#seen == 1 and seen[1] == "POST " .. nowhere, seen[1])

-- 2. true is the same; false: it is not requested.
agent:on("url", nil)
agent:on("url", function() return true end)
assert(fetch(nowhere) == "request-failed")
agent:on("url", nil)
agent:on("url", function() return false end)
local told = fetch(nowhere)
assert(told:match("^url%-denied"), told)

-- 3. A URL that the host answers itself is not asked about.
agent:serve("/voice", function() return "<Response/>" end)
assert(fetch("host:/voice") == "")

-- 4. The answer may come later, once.
local question
agent:on("url", nil)
agent:on("url", function(request)
  assert(request:answer(false))
  local ok, err = request:answer(true)
  assert(not ok and err.name == "gone")
  question = request
end)
assert(fetch(nowhere):match("^url%-denied") and question)

-- 5. Without a handler nobody is asked.
agent:on("url", nil)
seen = {}
assert(fetch(nowhere) == "request-failed" and #seen == 0)

agent:close()
phone:close()
