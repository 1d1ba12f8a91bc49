-- Writes the manual of the Lua module from its annotations: lua lua-manual.lua man|markdown FOLDER VERSION
local form, folder, version = ...
package.path = (arg[0]:match("^(.*)/") or ".") .. "/?.lua;" .. package.path
local blocks = require("annotations").read(folder)
local out = {}
local function say(text) out[#out + 1] = text end

local function roff(text)
  text = text:gsub("\\", "\\e"):gsub("%-", "\\-")
  return (text:gsub('"', "\\(dq"):gsub("^([.'])", "\\&%1"))
end

-- How each form says a heading, a paragraph, code, and a named thing.
local man = {
  title = function()
    -- The date of a package, or of today: roff wants one.
    local day = os.date("!%Y-%m-%d", tonumber(os.getenv("SOURCE_DATE_EPOCH")))
    say(".TH rcml 3lua " .. day .. ' "rcml ' .. version .. '" "Lua modules"')
    say(".SH NAME\nrcml \\- RCML documents with <Dial> and <Sip>, from Lua")
  end,
  section = function(text) say(".SH " .. roff(text:upper())) end,
  heading = function(text) say('.SS "' .. roff(text) .. '"') end,
  -- The first paragraph below a heading needs no gap.
  text = function(text) say((out[#out]:find("^%.S[HS] ") and "" or ".PP\n") .. roff(text)) end,
  code = function(lines)
    for i, line in ipairs(lines) do lines[i] = roff(line) end
    say((out[#out]:find("^%.S[HS] ") and "" or ".PP\n") .. ".nf\n.RS\n" .. table.concat(lines, "\n") .. "\n.RE\n.fi")
  end,
  item = function(name, text) say(".TP\n.B " .. roff(name) .. "\n" .. (text == "" and "\\&" or roff(text))) end,
}
local markdown = {
  title = function()
    say("# rcml(3lua): RCML documents with `<Dial>` and `<Sip>`, from Lua\n\nVersion " .. version .. ".")
  end,
  section = function(text) say("\n## " .. text) end,
  heading = function(text) say("\n### `" .. text .. "`") end,
  text = function(text) say("\n" .. (text:gsub("<", "\\<")) .. "\n") end,
  code = function(lines) say("\n```lua\n" .. table.concat(lines, "\n") .. "\n```") end,
  item = function(name, text) say("- `" .. name .. "`" .. (text == "" and "" or ": " .. (text:gsub("<", "\\<")))) end,
}
local write = assert(({ man = man, markdown = markdown })[form], "man or markdown")

-- Paragraphs are parted by empty lines; indented ones are code.
local function prose(lines)
  local paragraph, code = {}, {}
  local function flush()
    if #paragraph > 0 then write.text(table.concat(paragraph, " ")) end
    if #code > 0 then write.code(code) end
    paragraph, code = {}, {}
  end
  for _, line in ipairs(lines) do
    if line == "" then flush()
    elseif line:find("^    ") then code[#code + 1] = line:sub(5)
    else paragraph[#paragraph + 1] = line end
  end
  flush()
end
local function described(thing)
  local name = thing.name .. ((thing.optional and thing.type:sub(-1) ~= "?") and "?" or "") .. ": " .. thing.type
  return name, (thing.text:gsub("%s*%[rcml_[%w_.]+%]", ""))
end
local function sees(block)
  if #block.see > 0 then write.text("C: " .. table.concat(block.see, ", ")) end
end

write.title()
write.section("Description")
for _, block in ipairs(blocks) do
  if block.name == "rcml" and block.kind == "class" then prose(block.description) end
end
write.section("Functions and types")
for _, block in ipairs(blocks) do
  if block.kind == "function" then
    write.heading(block.form)
    prose(block.description)
    for _, parameter in ipairs(block.params) do write.item(described(parameter)) end
    for _, value in ipairs(block.returns) do
      write.item("returns " .. value.type .. (value.name == "" and "" or " " .. value.name), value.text)
    end
  else
    write.heading(block.name)
    if block.name ~= "rcml" then prose(block.description) end
    for _, field in ipairs(block.fields) do write.item(described(field)) end
    for _, value in ipairs(block.values) do write.item('"' .. value.name .. '"', value.text) end
  end
  sees(block)
end
io.write(table.concat(out, "\n"), "\n")
