-- The header is one that LuaJIT's ffi.cdef takes, once the C preprocessor has been over it.
if not rawget(_G, "jit") then return end
local ffi = require "ffi"
local root = (arg[0]:match("^(.*)/Tests/LuaTests/") or ".")
-- Without its three includes: ffi knows bool, size_t and the integers by itself.
local command = "sed '/^#include/d' '" .. root .. "/Include/rcml.h' | ${CC:-cc} -E -P -x c -"
local pipe = assert(io.popen(command))
local declarations = pipe:read("*a")
assert(pipe:close())
ffi.cdef(declarations)

local module = assert(package.searchpath("rcml", package.cpath))
local library = ffi.load(module:match("^(.*)/lua/") .. "/librcml.so.0")
assert(ffi.string(library.rcml_version()) == require("rcml").version)
assert(ffi.string(library.rcml_event_name(library.RCML_EVENT_INCOMING)) == "incoming")

-- An agent of its own, by hand: every struct begins with its size.
local function new(name)
  local struct = ffi.new(name)
  struct.struct_size = ffi.sizeof(name)
  return struct
end
local failure, event = new "rcml_error", new "rcml_event"
local document, options = new "rcml_document", new "rcml_call_options"
local agent = library.rcml_agent_create(failure)
assert(agent ~= nil, ffi.string(failure.message))
assert(library.rcml_agent_listen(agent, "udp:127.0.0.1:0", failure) == 0, ffi.string(failure.message))
assert(library.rcml_agent_listen(agent, "pigeon", failure) == library.RCML_E_ADDRESS)
assert(#ffi.string(failure.message) > 10)
local buffer = ffi.new("char[256]")
assert(library.rcml_agent_listener(agent, 0, buffer, 256) > 0)
local text, party = "<Response/>", ffi.string(buffer)
document.text, options.party, options.document = text, party, document
local call = ffi.new("rcml_call_id[1]")
assert(library.rcml_agent_call(agent, options, call, failure) == 0, ffi.string(failure.message))
local seen = {}
while not seen.ended and library.rcml_agent_wait(agent, 5000, event) > 0 do
  local name = ffi.string(library.rcml_event_name(event.kind))
  seen[name] = true
  if name == "incoming" then assert(library.rcml_call_reject(agent, event.call, 486, nil, failure) == 0) end
end
assert(seen.incoming and seen.ended, "an agent that calls itself")
assert(library.rcml_agent_destroy(agent) == 0)
