-- Reads the files of Sources/LuaRCML/library: their classes, aliases and functions, in their order.
local annotations = {}

-- Splits "name? type  text" behind a tag. A type may hold spaces inside of brackets, and behind a colon or a bar.
local function type_and_text(rest)
  local at = rest:find("%s%s") or rest:find("%s%[")
  if not at then return rest, "" end
  return rest:sub(1, at - 1), (rest:sub(at):gsub("^%s+", ""))
end

local function add_tag(block, tag, rest)
  if tag == "class" or tag == "alias" or tag == "meta" then
    block.kind, block.name = tag, rest:match("^[%w_.]+")
  elseif tag == "field" or tag == "param" then
    local name, after = rest:match("^([%w_.%[%]]+%??)%s+(.*)$")
    local kind, text = type_and_text(after)
    local list = tag == "field" and block.fields or block.params
    list[#list + 1] = { name = (name:gsub("%?$", "")), optional = name:sub(-1) == "?", type = kind, text = text }
  elseif tag == "return" then
    local kind, after = rest:match("^(%S+)%s*(.*)$")
    if kind:find("^fun") then kind, after = rest, "" end
    local name, text = after:match("^([%w_]*)%s*(.*)$")
    block.returns[#block.returns + 1] = { type = kind, name = name, text = text }
  elseif tag == "see" then
    block.see[#block.see + 1] = rest
  else
    error("a tag nobody reads: @" .. tag)
  end
end

local function new_block()
  return { description = {}, fields = {}, params = {}, returns = {}, see = {}, values = {} }
end

local function read_file(path, blocks, classes)
  local block
  for line in assert(io.open(path)):lines() do
    local text = line:match("^%-%-%-(.*)$")
    local owner, separator, name, parameters = line:match("^function ([%w_]+)([.:])([%w_]+)(%b())")
    local variable = line:match("^local ([%w_]+) = {}$")
    if text then
      block = block or new_block()
      local tag, rest = text:match("^@(%w+)%s*(.*)$")
      local value, about = text:match('^|%s*"([^"]+)"%s*#?%s*(.*)$')
      if tag then add_tag(block, tag, rest)
      elseif value then block.values[#block.values + 1] = { name = value, text = about }
      else block.description[#block.description + 1] = text end
    elseif owner then
      block = block or new_block()
      block.kind, block.name, block.owner = "function", name, assert(classes[owner], line)
      block.form = owner .. separator .. name .. parameters
      blocks[#blocks + 1], block = block, nil
    elseif block then
      if variable then classes[variable] = block.name end
      if block.kind ~= "meta" then blocks[#blocks + 1] = block end
      block = nil
    end
  end
  blocks[#blocks + 1] = block -- one that the file ends with
end

--- @param folder string
--- @return table  a list of blocks: kind (class, alias, function), name, description, fields, params, returns, see,
--- values; of a function also owner (the class), form (as it is called)
function annotations.read(folder)
  local paths, ranks, blocks, classes = {}, {}, {}, {}
  for rank, name in ipairs { "rcml", "agent", "event", "call", "question" } do
    ranks[folder .. "/" .. name .. ".lua"] = rank
  end
  local pipe = assert(io.popen("ls '" .. folder .. "'/*.lua"))
  for path in pipe:lines() do
    ranks[path] = ranks[path] or 100 + #paths
    paths[#paths + 1] = path
  end
  pipe:close()
  table.sort(paths, function(one, other) return ranks[one] < ranks[other] end)
  for _, path in ipairs(paths) do read_file(path, blocks, classes) end
  return blocks
end

return annotations
