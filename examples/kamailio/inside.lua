-- What inside.cfg runs. app_lua loads it in every process; only the one of rtimer calls rcml_owner.
-- luacheck: globals KSR rcml_owner rcml_fork rcml_branch
local kamailio = require "rcml.kamailio"
local function defined(name) return KSR.pv.get("$def(" .. name .. ")") end

-- The document of who is called: sip:ring@… is ring.xml. Nothing but letters, digits, _ and - leads to a file.
local function document(name)
  local file = name and name:find "^[%w_-]+$" and io.open(defined "DOCUMENTS" .. "/" .. name .. ".xml")
  if not file then return nil end
  local text = file:read "*a"
  file:close()
  return text
end

local owner

-- Each turn of rtimer. Made in the first one: while the script is loaded, KSR.pv has nothing to read from.
function rcml_owner()
  owner = owner or kamailio.owner {
    queue = "rcml",
    agent = {
      listen = "udp:" .. defined "RCML_IP" .. ":" .. defined "RCML_PORT",
      outbound_proxy = "sip:" .. defined "PROXY" .. ";lr",
      from_domain = defined "DOMAIN",
      trust_domain = true,
    },
    on = {
      incoming = function(call, event)
        -- Whoever comes by Kamailio was asked who they are; nobody else may call.
        if event.peer ~= "udp:" .. defined "PROXY" then return call:reject(403) end
        local text = document(event.url:match "^sip:([^@]+)@")
        if not text then return call:reject(404) end
        call:run(text)
      end,
      finding = function(_, event) KSR.warn("rcml: " .. event.text .. "\n") end,
    },
  }
  owner()
end

-- In a worker: whom tm is to ring; $var(count) of the configuration says how many there are.
function rcml_fork(name)
  local text = document(name)
  local count, err = 0, "there is no document " .. name
  if text then count, err = kamailio.fork(text) end
  if not count then KSR.err("rcml: " .. name .. ": " .. tostring(err) .. "\n") end
  KSR.pv.seti("$var(count)", count or 0)
end

rcml_branch = kamailio.branch
