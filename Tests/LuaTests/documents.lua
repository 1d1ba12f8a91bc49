-- Documents that are read without being run [E-7, Q-34].
local rcml = require "rcml"

local document = [[<Response><Dial timeout="7"><Sip username="bob" password="pw" url="screen">sip:bob@b.example</Sip>
<Client>dora</Client></Dial></Response>]]
local targets = assert(rcml.targets(document, { base_url = "http://w.example/a/" }))
assert(#targets == 2)
local sip, client = targets[1], targets[2]
assert(sip.noun == "Sip" and sip.uri == "sip:bob@b.example" and sip.timeout == 7 and sip.sequential == false)
assert(sip.username == "bob" and sip.password == "pw" and sip.code == nil and sip.headers == nil)
assert(sip.attributes:match("^url=http%%3A%%2F%%2Fw.example%%2Fa%%2Fscreen&"), sip.attributes)
assert(client.noun == "Client" and client.text == "dora" and client.uri == nil and client.code > 0)
assert(client.dial == 1 and client.target == 2 and client.line == 2)
local settings = { client_uri = "sip:{client}@pbx.example" }
assert(rcml.targets(document, { settings = settings })[2].uri == "sip:dora@pbx.example")
assert(#rcml.targets("<Response/>") == 0)
local none, err = rcml.targets("<Respons/>")
assert(none == nil and err.name == "document" and err.line == 1, tostring(err))

local relative = [[<Response><Dial action="after"><Sip>sip:a@b.example</Sip></Dial></Response>]]
assert(#rcml.check(relative) > 0)
assert(#rcml.check(relative, { base_url = "http://w.example/" }) == 0)
local long = "<Response/>" .. string.rep(" ", 2000)
assert(rcml.check(long).ok and not rcml.check(long, { settings = { max_document_bytes = 1024 } }).ok)
local refused, why = rcml.check(long, { settings = { max_document_byte = 1024 } })
assert(refused == nil and why.name == "setting" and tostring(why):match("max_document_bytes"), tostring(why))
local fine, message = pcall(rcml.check, long, { base_uri = "http://w.example/" })
assert(not fine and message:match("base_url"), message)

local latin = "<Response><Say>Gr\252\223e</Say></Response>"
assert(not rcml.check(latin).ok and rcml.check(latin, { content_type = "text/xml; charset=iso-8859-1" }).ok)
local json = rcml.check("{}", { content_type = "application/json" })
assert(not json.ok and json[1].text:match("JSON"), json[1].text)
assert(rcml.targets("<Response/>", { content_type = "image/png" }) == nil)
assert(not pcall(rcml.check, latin, { content_type = 1 }))
