--- Kamailio: a process of rtimer owns the agent; workers tell it what to do (mqueue), and ask documents whom to ring.
-- What the functions take stands in rcml(3lua); examples/kamailio has configurations that use all of it.
-- luacheck: globals KSR
local rcml = require "rcml"
local kamailio = {}

local function complain(what, err) KSR.err("rcml: " .. what .. ": " .. tostring(err) .. "\n") end
local function octet(digits) return string.char(tonumber(digits, 16)) end
local function decoded(text) return (text:gsub("%+", " "):gsub("%%(%x%x)", octet)) end

-- A call is known by its sid, by the Call-ID of a caller, by the id of a message.
local function know(state, call, name)
  if not name then return end
  call.known_as = call.known_as or {}
  table.insert(call.known_as, name)
  state.calls[name] = call
end

-- What the owner hears of, beside the program's handlers.
local own = {
  incoming = function(state, call, event) know(state, call, rcml.parameter(event, "Call-ID")) end,
  answered = function(state, call) know(state, call, call.sid) end,
  ended = function(state, call) for _, name in ipairs(call.known_as or {}) do state.calls[name] = nil end end,
  drained = function(state) state.drained = true end,
}

local messages = {
  drain = function(agent) assert(agent:drain()) end,
  stop = function(agent) assert(agent:stop()) end,
  set = function(agent, text)
    local name, value = text:match("^%s*([%w_]+)%s*=%s*(.-)%s*$")
    assert(agent:set(assert(name, "name=value is needed"), value ~= "" and value or nil))
  end,
  hangup = function(_, text, state) assert(assert(state.calls[text], "there is no call " .. text):hangup()) end,
  call = function(agent, text, state)
    local wanted = {}
    for name, value in text:gmatch("([^&=]+)=([^&]*)") do wanted[name] = decoded(value) end
    local id = wanted.id
    wanted.id, wanted.timeout = nil, tonumber(wanted.timeout)
    know(state, assert(agent:call(wanted)), id)
  end,
}

-- The handlers and settings of this script, instead of those of the one before, which stay if something is wrong.
local function adopt(state, options)
  local agent, before, wanted = state.agent, state.adopted or {}, options.agent or {}
  state.options = options
  for event in pairs(options.on or {}) do agent:on(event, function() end) end -- is there such an event?
  for _, list in ipairs(state.adopted and { before.agent or {}, wanted } or {}) do
    for name in pairs(list) do -- what is no setting (listen, journal) an agent has from its beginning to its end
      if agent:get(name) ~= nil then assert(agent:set(name, wanted[name])) end
    end
  end
  if state.adopted then assert(agent:default_document(wanted.document)) end
  for event in pairs(before.on or {}) do agent:on(event, nil) end
  for event, handler in pairs(own) do
    agent:on(event, nil)
    agent:on(event, function(...) return handler(state, ...) end)
  end
  for event, handler in pairs(options.on or {}) do agent:on(event, handler) end
  state.adopted = options
end

local function start(state, options)
  local done, agent, err = pcall(rcml.agent, options.agent)
  if not done or not agent then
    state.again = os.time() + 5
    return complain("no agent; the next try is in 5 s", done and err or agent)
  end
  agent.on_error = agent.on_error or function(message) complain("a handler", message) end
  state.agent, state.adopted, state.options, state.calls = agent, nil, nil, {}
  for _, uri in ipairs(agent:listeners()) do KSR.notice("rcml: listening on " .. uri .. "\n") end
end

local function fetch(state, options)
  local queue = options.queue
  while queue and KSR.mqueue.mq_fetch(queue) > 0 do
    local verb, text = KSR.mqueue.mqk_get(queue), KSR.mqueue.mqv_get(queue) or ""
    local act = options.messages and options.messages[verb] or messages[verb]
    if verb == "start" then state.over = false
    elseif not act or not state.agent then complain(verb, act and "there is no agent" or "nobody knows this message")
    else
      local done, err = pcall(act, state.agent, text, state)
      if not done then complain(verb, err) end
    end
  end
end

local function turn(options)
  if KSR.corex.is_faked_msg() < 0 then return complain("owner", "a worker calls it; it is for a route of rtimer") end
  -- Global, because app_lua.reload makes all locals anew; and rcml.agent knows this process by it.
  local state = rawget(_G, "rcml_kamailio") or { again = 0 }
  rawset(_G, "rcml_kamailio", state)
  fetch(state, options)
  if not state.agent and not state.over and os.time() >= state.again then start(state, options) end
  if not state.agent then return end
  if state.options ~= options then
    local done, err = pcall(adopt, state, options)
    if not done then complain("the script", err) end
  end
  local done, err = state.agent:run(options.turn or 0.02)
  if done and not state.drained then return end
  if not done then complain("the agent", err) end
  state.agent:close()
  state.agent, state.over, state.drained = nil, state.drained, nil
  if state.over then KSR.notice("rcml: drained\n") end
end

function kamailio.owner(options) return function() turn(options) end end

function kamailio.targets(document, options)
  local found, err = rcml.targets(document, options)
  local list = {}
  for _, target in ipairs(found or {}) do
    local form = target.headers or ""
    target.headers = {}
    for name, value in form:gmatch("([^&=]+)=([^&]*)") do
      table.insert(target.headers, decoded(name) .. ": " .. decoded(value))
    end
    if target.uri then table.insert(list, target) end
  end
  return found and list, err
end

-- Those of the request that this worker is about: a branch route runs while t_relay does.
local forked

function kamailio.fork(document, options)
  local list, err = kamailio.targets(document, options)
  if not list then return nil, err end
  forked = {}
  for _, target in ipairs(list) do
    if target.sequential then return nil, "its Dial rings one after the other, and tm rings all at once" end
    if target.dial == list[1].dial then forked[#forked + 1] = target end
  end
  for i, target in ipairs(forked) do
    if i == 1 then KSR.seturi(target.uri)
    elseif KSR.corex.append_branch_uri(target.uri) < 0 then return nil, "there is no room for " .. i .. " branches" end
  end
  if forked[1] then KSR.tm.t_set_fr(forked[1].timeout * 1000, 0) end
  return #forked
end

function kamailio.branch()
  local target = (forked or {})[KSR.tm.t_get_branch_index() + 1]
  for _, line in ipairs(target and target.headers or {}) do KSR.hdr.append(line .. "\r\n") end
end

return kamailio
