-- Header, annotations, manual and module name the same set: lua check-lua.lua ROOT MANUAL, module in LUA_CPATH.
-- Prints one line for each thing that is missing or too much; nothing when all is well.
local root, manual_path = ...
package.path = (arg[0]:match("^(.*)/") or ".") .. "/?.lua;" .. package.path
local rcml = require "rcml"
local blocks = require("annotations").read(root .. "/Sources/LuaRCML/library")
local failed = false
local function complain(...)
  failed = true
  print(string.format(...))
end
local function read(path)
  local file = assert(io.open(path))
  local text = file:read("*a")
  file:close()
  return text
end

-- The header: functions, event kinds with their words, structs with their members.
local header = read(root .. "/Include/rcml.h")
local functions, kinds, structs = {}, {}, {}
for name in ("\n" .. header):gmatch("\nRCML_API [^;(]-([%w_]+)%(") do functions[#functions + 1] = name end
local enum = header:match("typedef enum rcml_event_kind (%b{})")
for name, word in enum:gmatch("(RCML_EVENT_[%u_]+) = %d+,?%s*/%*%*< %(([%w-]+)%)") do
  kinds[#kinds + 1] = { name, word }
end
local _, enumerators = enum:gsub("RCML_EVENT_[%u_]+ = ", "")
if #kinds ~= enumerators - 1 then complain("rcml_event_kind: %d kinds, %d with a word", enumerators - 1, #kinds) end
for name, body in header:gmatch("typedef struct (rcml_[%w_]+) (%b{})") do
  local members = {}
  for declaration in body:gsub("/%*.-%*/", ""):gsub("[{}]", ""):gmatch("([^;]+);") do
    local member = declaration:gsub("%b[]", ""):match("([%w_]+)%s*$")
    if member and member ~= "struct_size" then members[#members + 1] = member end
  end
  structs[#structs + 1] = { name = name, members = members }
end
if #functions < 35 or #structs < 13 then complain("too few functions or structs: this script has lost its eyes") end

-- What stands for them in Lua, or why nothing does.
local reasons = {}
local unbound = read(root .. "/Sources/LuaRCML/unbound.txt")
for name, why in unbound:gmatch("\n(rcml_[%w_.]+): (%C+)") do reasons[name] = why end
local sources = {}
local pipe = assert(io.popen("ls '" .. root .. "'/Sources/LuaRCML/*/*.c"))
for path in pipe:lines() do sources[#sources + 1] = read(path) end
pipe:close()
sources = table.concat(sources, "\n")
local behind, of_struct = {}, {} -- the function or struct behind an annotation; struct -> set of fields
local methods, fields = {}, {}   -- class -> set
for _, block in ipairs(blocks) do
  for _, name in ipairs(block.see) do
    behind[name] = true
    of_struct[name] = of_struct[name] or {}
    for _, field in ipairs(block.fields) do of_struct[name][field.name] = true end
  end
  for _, field in ipairs(block.fields) do
    for name in field.text:gmatch("%[(rcml_[%w_.]+)%]") do behind[name] = true end
    for name in field.type:gmatch("%[(rcml_[%w_.]+)%]") do behind[name] = true end
  end
  if block.kind == "class" then
    fields[block.name], methods[block.name] = {}, methods[block.name] or {}
    for _, field in ipairs(block.fields) do fields[block.name][field.name] = true end
  elseif block.kind == "function" then
    methods[block.owner][block.name] = true
  end
end
-- Counters are read by the list the library has of them, not one by one.
local listed = {}
for _, metric in ipairs(rcml.metrics()) do listed["rcml_counters." .. metric.member] = true end
local known = {}
for name in header:gmatch("typedef enum (rcml_[%w_]+)") do known[name] = true end
for _, name in ipairs(functions) do
  known[name] = true
  local called = sources:find(name .. "(", 1, true)
  if reasons[name] then
    if behind[name] then complain("%s has a reason in unbound.txt and a Lua form", name) end
  elseif not called then complain("%s: no file of Sources/LuaRCML calls it, and unbound.txt has no reason", name)
  elseif not behind[name] then complain("%s: no annotation has it behind @see", name) end
end
for _, struct in ipairs(structs) do
  known[struct.name] = true
  for _, member in ipairs(struct.members) do
    local name = struct.name .. "." .. member
    known[name] = true
    local used = reasons[name] or listed[name] or sources:find("[.>]" .. member .. "%f[^%w_]")
    if not used then complain("%s: no file of Sources/LuaRCML reads or writes it", name)
    elseif not reasons[name] and not behind[name] and not (of_struct[struct.name] or {})[member] then
      complain("%s: no class with @see %s has such a field", name, struct.name)
    end
  end
end
for name in pairs(reasons) do if not known[name] then complain("unbound.txt: the header has no %s", name) end end
for name in pairs(behind) do if not known[name] then complain("annotations: the header has no %s", name) end end

-- Event kinds: agent:on takes each, the alias has each, and no other.
local agent = assert(rcml.agent())
local words, annotated = {}, {}
for _, block in ipairs(blocks) do
  if block.name == "rcml.event_kind" then
    for _, value in ipairs(block.values) do annotated[value.name] = true end
  end
end
for _, kind in ipairs(kinds) do
  words[kind[2]] = true
  if not pcall(agent.on, agent, kind[2], nil) then complain("agent:on does not know %s (%s)", kind[2], kind[1]) end
  if not annotated[kind[2]] then complain("rcml.event_kind: %s is missing", kind[2]) end
end
for word in pairs(annotated) do if not words[word] then complain("rcml.event_kind: the header has no %s", word) end end

-- The names the module and its metatables really have.
local function compare(class, real)
  local named = methods[class]
  if not named then return complain("%s: the module has it, the annotations have not", class) end
  for name in pairs(real) do if not named[name] then complain("%s has %s, its annotation has not", class, name) end end
  for name in pairs(named) do
    if not real[name] then complain("%s: %s is annotated, but is not there", class, name) end
  end
end
local of_module = {}
for name, value in pairs(rcml) do
  if type(value) == "function" then of_module[name] = true
  elseif not fields.rcml[name] then complain("rcml.%s is not annotated", name) end
end
compare("rcml", of_module)
package.path = root .. "/Sources/LuaRCML/?.lua;" .. package.path
compare("rcml.kamailio", require "rcml.kamailio")
local types = 0
for name, meta in pairs(debug.getregistry()) do
  if type(name) == "string" and name:find("^rcml%.") and type(meta) == "table" then
    types = types + 1
    if meta.__name ~= name or not meta.__tostring then complain("%s: no __name or no __tostring", name) end
    compare(name, meta.methods)
  end
end
if types < 8 then complain("only %d types: this script has lost its eyes", types) end

-- The fields events, findings and the rest really have: what a simulation tells.
local function compare_fields(class, value)
  for name in pairs(value) do
    if type(name) == "string" and not fields[class][name] then
      complain("%s: the field %s is not annotated", class, name)
    end
  end
end
local path = os.tmpname()
local document = [[<Response><Dial action="http://a.example/b" record="record-from-answer">
  <Sip statusCallback="http://a.example/c" statusCallbackEvent="initiated answered completed">sip:a@a.example</Sip>
  </Dial><Dial tiemout="1"/></Response>]]
local settings = { transport_log = true, callback_events = true }
local told = assert(rcml.simulate { document = document, journal = path, settings = settings })
for _, event in ipairs(told.events) do compare_fields("rcml.event", event) end
compare_fields("rcml.simulated", told)
for _, message in ipairs(assert(rcml.messages(path))) do compare_fields("rcml.trace_message", message) end
compare_fields("rcml.replay_result", assert(rcml.replay(path)))
os.remove(path)
local findings = assert(rcml.check(document))
compare_fields("rcml.findings", findings)
compare_fields("rcml.finding", findings[1])
compare_fields("rcml.code", rcml.codes()[1])
compare_fields("rcml.metric", rcml.metrics()[1])
compare_fields("rcml.counters", assert(rcml.agent():counters()))
compare_fields("rcml.error", select(2, rcml.replay("/nowhere/at/all")))
agent:listen("udp:127.0.0.1:0")
local call = assert(agent:call { to = "sip:a@127.0.0.1:9", document = "<Response/>" })
compare_fields("rcml.call", call)
compare_fields("rcml.call_info", assert(call:state()))
agent:close()

-- The manual, as it is made from the annotations, is read here like a stranger would.
local manual = read(manual_path)
for _, block in ipairs(blocks) do
  local heading = block.kind == "function" and block.form or block.name
  if not manual:find("### `" .. heading .. "`", 1, true) then complain("the manual has no %s", heading) end
end
for class, names in pairs(methods) do
  local is_module = class == "rcml" or class == "rcml.kamailio"
  local owner = class:match("[^.]+$") .. (is_module and "." or ":")
  for name in pairs(names) do
    if not manual:find("`" .. owner .. name .. "(", 1, true) then
      complain("the manual does not show %s%s", owner, name)
    end
  end
end
for _, kind in ipairs(kinds) do
  if not manual:find('- `"' .. kind[2] .. '"`', 1, true) then complain("the manual has no event %s", kind[2]) end
end
os.exit(failed and 1 or 0)
