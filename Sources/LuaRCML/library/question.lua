---@meta _
-- What an editor knows of requests and questions; see rcml.lua.

---A request for a host: URL.
---@class rcml.request
---@field id integer [rcml_event.request]
---@field agent rcml.agent
---@field call? rcml.call
---@field url string
---@field path string  of the URL, without its query
---@field method string
---@field body string
---@field params table<string, string>  of query and body
---@field deadline number  seconds to answer in
local request = {}

---Answers it. Without a status: 200 with a body, 204 without.
---@param status? integer  as in HTTP, 200..599; may be left out
---@param body? string
---@param content_type? string  text/xml if absent
---@return true? done
---@return rcml.error? err  name "gone" when it was answered, timed out, or its call has ended
---@see rcml_agent_answer_request
function request:answer(status, body, content_type) end

---A question for a user name and a password.
---@class rcml.credentials
---@field id integer
---@field agent rcml.agent
---@field call rcml.call
---@field leg? rcml.leg  nil = the party of agent:call
---@field realm string
---@field host string
---@field deadline number  seconds to answer in
local credentials = {}

---Answers it; nothing = there are none, the leg fails.
---@param username? string
---@param password? string
---@return true? done
---@return rcml.error? err
---@see rcml_agent_answer_credentials
function credentials:answer(username, password) end

---A question about a target.
---@class rcml.target
---@field id integer
---@field agent rcml.agent
---@field call rcml.call
---@field noun string  Sip, Contact, or one that only you know [rcml_event.name]
---@field text string  its URI or text [rcml_event.to]
---@field attributes string  of the noun, form-encoded [rcml_event.body]
---@field document string  the URL of the document [rcml_event.url]
---@field deadline number  seconds to answer in
local target = {}

---Answers it: nothing or true = as it is, false = it is not dialled, a URI = that is dialled instead.
---@param answer? boolean|string
---@param username? string
---@param password? string
---@return true? done
---@return rcml.error? err
---@see rcml_agent_answer_target
function target:answer(answer, username, password) end

---A question about a URL.
---@class rcml.url
---@field id integer
---@field agent rcml.agent
---@field call? rcml.call  nil when it has ended
---@field method string
---@field url string
---@field deadline number  seconds to answer in
local url = {}

---Answers it: nothing or true = it is requested, false = it is not.
---@param allow? boolean
---@return true? done
---@return rcml.error? err
---@see rcml_agent_answer_url
function url:answer(allow) end

---A question about speech: what does a <Say> sound like?
---@class rcml.speech
---@field id integer
---@field agent rcml.agent
---@field call? rcml.call
---@field text string  what to say
---@field markup string  the same as SSML, "" = there are no elements in it [rcml_event.markup]
---@field voice string  [rcml_event.name]
---@field language string  as the document has it, "en" or "de-DE" [rcml_event.language]
---@field deadline number  seconds to answer in
local speech = {}

---Answers it: a sound as <Play> takes them, or nothing, and our own program says it.
---@param sound? string
---@param content_type? string  for octets without a header: audio/basic, audio/pcma
---@return true? done
---@return rcml.error? err
---@see rcml_agent_answer_speech
function speech:answer(sound, content_type) end

---A question about a verb that nobody here knows: <Enqueue>, <Connect>, <Pay>, or one of your own.
---@class rcml.verb
---@field id integer
---@field agent rcml.agent
---@field call? rcml.call
---@field leg? rcml.leg  who is screened; nil = the caller
---@field verb string  [rcml_event.name]
---@field text string
---@field attributes string  form-encoded, and those of the elements in it as Stream.url [rcml_event.body]
---@field document string  URL it stands in, or "" [rcml_event.url]
---@field deadline number  seconds to answer in
local verb = {}

---Answers it: true = you have done it; a document runs in its place; nothing or false = it is skipped.
---@param answer? boolean|string|rcml.document
---@return true? done
---@return rcml.error? err
---@see rcml_agent_answer_verb
function verb:answer(answer) end
