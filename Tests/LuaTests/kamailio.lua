-- Inside Kamailio, with a KSR of our own: who may make an agent, what workers tell it, what survives app_lua.reload,
-- and whom tm is to ring.
-- luacheck: globals KSR rcml_kamailio
local rcml = require "rcml"
local queue, said, branches, headers, faked, index = {}, {}, {}, {}, 1, 0
local item
local function log(text) said[#said + 1] = text end
local fake = {
  err = log, notice = log,
  seturi = function(uri) branches[1] = uri return true end,
  corex = {
    is_faked_msg = function() return faked end,
    append_branch_uri = function(uri)
      if #branches == 3 then return -1 end
      branches[#branches + 1] = uri
      return 1
    end,
  },
  mqueue = {
    mq_fetch = function() item = table.remove(queue, 1) return item and 1 or -2 end,
    mqk_get = function() return item[1] end,
    mqv_get = function() return item[2] end,
  },
  hdr = { append = function(line) headers[#headers + 1] = line return 1 end },
  tm = {
    t_set_fr = function(invite, rest) branches.limit = invite assert(rest == 0) return 1 end,
    t_get_branch_index = function() return index end,
  },
}
local function heard(text)
  for i = #said, 1, -1 do if said[i]:find(text, 1, true) then return true end end
  return false, table.concat(said)
end

-- 1. An agent of a worker is refused with what to do, unless the worker drives it.
assert(rcml.agent()):close()
KSR = fake
local refused, err = rcml.agent { listen = "udp:127.0.0.1:0" }
assert(refused == nil and err.name == "state", tostring(err))
assert(tostring(err) == "This is a worker of Kamailio; make the agent in a process of rtimer (see rcml.kamailio), "
  .. "or run rcml serve.", tostring(err))
assert(rcml.agent() == nil and rcml.agent { worker = false } == nil)
assert(rcml.agent { worker = true }):close()
assert(not pcall(rcml.agent, { worker = "yes" }))
-- Whoever watches for names that are not there has nothing to say.
setmetatable(_G, { __index = function(_, name) error("no variable " .. name) end })
assert(rcml.agent { worker = true }):close()
assert(rcml.agent() == nil)
setmetatable(_G, nil)

local kamailio = require "rcml.kamailio"
local taken = assert(rcml.agent { worker = true, listen = "udp:127.0.0.1:0" })
local port = taken:listeners()[1]:match(":(%d+);")

-- 2. The owner: not in a worker; not where the port is taken; then one agent for all turns.
local answered, ended, findings, texts = 0, 0, 0, {}
local function options(more)
  local made = {
    queue = "rcml", turn = 0.002,
    agent = { listen = "udp:127.0.0.1:" .. port, call_timeout = 7, product = "here", document = nil },
    on = {
      incoming = function(call) call:answer() end,
      answered = function() answered = answered + 1 end,
      ended = function() ended = ended + 1 end,
      finding = function() findings = findings + 1 end,
    },
    messages = { say = function(agent, text) texts[#texts + 1] = tostring(agent) .. text end },
  }
  for name, value in pairs(more or {}) do made[name] = value end
  return made
end
local owner = kamailio.owner(options())
faked = -1
owner()
assert(heard "it is for a route of rtimer" and rawget(_G, "rcml_kamailio") == nil)
faked = 1
owner()
assert(heard "no agent; the next try is in 5 s")
assert(rcml_kamailio.agent == nil)
taken:close()
owner() -- 5 s are not over
assert(rcml_kamailio.agent == nil)
rcml_kamailio.again = 0
owner()
local agent = assert(rcml_kamailio.agent, table.concat(said))
assert(heard "listening on" and agent:get "call_timeout" == 7)
assert(rcml.agent()):close() -- the process of the owner may have others

local phone = assert(rcml.agent { listen = "udp:127.0.0.1:0" })
local sip_ids, told, taken_up = {}, 0, 0
phone:set("transport_log", true)
phone:on("message", function(_, event)
  local id = event.text:match("\r\n[Cc]all%-[Ii][Dd]: *([^\r]+)")
  if event.text:find("^INVITE") and event.sent then sip_ids[#sip_ids + 1] = id end
end)
phone:on("ended", function() told = told + 1 end)
phone:on("answered", function() taken_up = taken_up + 1 end)
phone:on("incoming", function(call) call:answer() end)
local function turn(until_true, what)
  for _ = 1, 1500 do
    if until_true() then return end
    owner()
    phone:run(0.002)
  end
  error("did not happen: " .. what .. "\n" .. table.concat(said), 2)
end
local function ring()
  return assert(phone:call { to = "sip:127.0.0.1:" .. port, document = "<Response><Pause length='60'/></Response>" })
end

-- 3. A call comes in, and a worker, which knows its Call-ID, has it hung up.
ring()
turn(function() return answered == 1 end, "answer")
queue = { { "hangup", sip_ids[1] } }
turn(function() return ended == 1 and told == 1 end, "hang-up by Call-ID")
assert(next(rcml_kamailio.calls) == nil, "an ended call is still known")

-- 4. A call by message, hung up by its id; a setting; a verb of the script; what nobody knows.
local place = phone:listeners()[1]:gsub(":", "%%3A")
local pause = "%3CResponse%3E%3CPause+lenght%3D%221%22/%3E%3CPause+length%3D%2260%22/%3E%3C/Response%3E"
queue = { { "call", "to=" .. place .. "&id=a%20b&timeout=9&document=" .. pause } }
turn(function() return answered == 2 and findings == 1 end, "answer to the call by message")
queue = { { "set", "call_timeout = 11" }, { "set", "product=" }, { "set", "nonsense" }, { "say", "hello" },
  { "what", "" }, { "hangup", "nobody" }, { "call", "to=" }, { "hangup", "a b" } }
turn(function() return ended == 2 end, "hang-up by id")
assert(agent:get "call_timeout" == 11 and agent:get "product" ~= "here")
assert(texts[1] == tostring(agent) .. "hello")
assert(heard "what: nobody knows this message")
assert(heard "set: " and heard "name=value is needed" and heard "there is no call nobody" and heard "call: ")

-- 5. app_lua.reload: the same agent and call; the handlers and settings of the new script.
ring()
turn(function() return answered == 3 end, "answer before the reload")
local others, before = 0, ended
owner = kamailio.owner(options {
  agent = { listen = "udp:127.0.0.1:1", call_timeout = 13 },
  on = { ended = function() others = others + 1 end, incoming = function(call) call:reject(486) end },
})
turn(function() return agent:get "call_timeout" == 13 end, "the settings of the new script")
assert(rcml_kamailio.agent == agent and agent:get "product" ~= "here")
queue = { { "hangup", sip_ids[2] } }
turn(function() return others == 1 end, "the new handler")
assert(ended == before, "the old handler is still there")
ring()
turn(function() return others == 2 end, "the new handler for calls that come in")
assert(answered == 3)
queue = { { "call", "to=" .. place .. "&id=c&document=" .. pause } }
local called = taken_up
turn(function() return taken_up == called + 1 end, "a call by the new script")
for _ = 1, 20 do owner() end -- its document runs
queue = { { "hangup", "c" } }
turn(function() return others == 3 end, "its end")
assert(findings == 1, "a handler of the old script is still there")
-- A script that is wrong is complained of, once, and the one before still holds.
local complaints = #said
owner = kamailio.owner(options { on = { incomming = print } })
turn(function() return heard "no such event: incomming; did you mean" end, "complaint")
ring()
turn(function() return others == 4 end, "the handlers of the script before")
assert(#said == complaints + 1 and agent:get "call_timeout" == 13)

-- 6. A drain waits for the last call and gives the port back; a start makes an agent again.
owner = kamailio.owner(options())
ring()
turn(function() return answered == 4 end, "answer before the drain")
queue = { { "drain", "" } }
for _ = 1, 20 do
  owner()
  phone:run(0.002)
end
assert(rcml_kamailio.agent == agent, "the drain did not wait")
queue = { { "hangup", sip_ids[#sip_ids] } }
turn(function() return rcml_kamailio.agent == nil end, "end of the drain")
assert(heard "rcml: drained")
local sockets = assert(io.open "/proc/net/udp"):read "*a"
assert(not sockets:find((": 0100007F:%04X "):format(port)), "the agent's port is still taken")
queue = { { "drain", "" } }
owner()
assert(heard "drain: there is no agent" and rcml_kamailio.agent == nil)
assert(rcml.agent { worker = true, listen = "udp:127.0.0.1:" .. port }):close()
queue = { { "start", "" } }
turn(function() return rcml_kamailio.agent end, "start")
assert(rcml_kamailio.agent ~= agent)
queue = { { "stop", "" } }
turn(function() return rcml_kamailio.agent == nil end, "stop")
phone:close()

-- 7. Whom tm is to ring, and each branch's headers.
local document = [[<Response><Dial timeout="7"><Sip>sip:a@a.example?X-One=1&amp;X-Two=b%20c</Sip><Client>nobody</Client>
  <Sip>sip:b@b.example;transport=tcp</Sip></Dial><Dial><Sip>sip:later@c.example</Sip></Dial></Response>]]
local list = assert(kamailio.targets(document))
assert(#list == 3 and list[1].uri == "sip:a@a.example" and list[2].uri == "sip:b@b.example;transport=tcp", list[1].uri)
assert(#list[2].headers == 0)
assert(table.concat(list[1].headers, "|") == "X-One: 1|X-Two: b c", table.concat(list[1].headers, "|"))
assert(assert(kamailio.fork(document)) == 2)
assert(#branches == 2 and branches[1] == list[1].uri and branches[2] == list[2].uri and branches.limit == 7000)
kamailio.branch()
assert(table.concat(headers) == "X-One: 1\r\nX-Two: b c\r\n", table.concat(headers))
index = 1
kamailio.branch()
assert(#headers == 2)
assert(kamailio.fork "<Response><Hangup/></Response>" == 0)
kamailio.branch()
local none, why = kamailio.targets "<Response><Dial"
assert(none == nil and why.name == "document")
none, why = kamailio.fork "<Response><Dial"
assert(none == nil and why.name == "document")
local parties = ("abcd"):gsub(".", "<Sip>sip:%0@a.example</Sip>")
none, why = kamailio.fork("<Response><Dial sequential='true'>" .. parties .. "</Dial></Response>")
assert(none == nil and why:find "one after the other", tostring(why))
branches = {}
none, why = kamailio.fork("<Response><Dial>" .. parties .. "</Dial></Response>")
assert(none == nil and why == "there is no room for 4 branches", tostring(why))
