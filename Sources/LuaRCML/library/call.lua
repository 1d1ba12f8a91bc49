---@meta _
-- What an editor knows of calls and legs; see rcml.lua.

---A call. Fields beside these are yours.
---@class rcml.call
---@field id integer
---@field agent rcml.agent
---@field sid? string  CA and 32 hex digits, from its first event on
---@field from? string
---@field to? string
---@field status? string  queued, ringing, in-progress; at last completed, busy, no-answer, failed, canceled
---@field answered? boolean
---@field legs rcml.leg[]  in the order in which they were rung
---@field events table<string, rcml.event>  the last one of each kind
local call = {}

---Runs a document, or from now on instead of the one that runs.
---@param document string|rcml.document
---@return true? done
---@return rcml.error? err
---@see rcml_call_run
function call:run(document) end

---Tells an incoming caller that it rings.
---@param sip_code? integer  180..189; 180 if absent
---@return true? done
---@return rcml.error? err
---@see rcml_call_ring
function call:ring(sip_code) end

---Answers an incoming caller without a document.
---@return true? done
---@return rcml.error? err
---@see rcml_call_answer
function call:answer() end

---Refuses an incoming caller who was not answered.
---@param sip_code? integer  300..699; 603 if absent
---@param phrase? string
---@return true? done
---@return rcml.error? err
---@see rcml_call_reject
function call:reject(sip_code, phrase) end

---Ends the call and all its legs.
---@return true? done
---@return rcml.error? err
---@see rcml_call_hang_up
function call:hang_up() end

---The same as hang_up.
---@return true? done
---@return rcml.error? err
---@see rcml_call_hang_up
function call:hangup() end

---Ends the <Dial> that runs; the document goes on behind it.
---@return true? done
---@return rcml.error? err
---@see rcml_call_end_dial
function call:end_dial() end

---As if the caller had pressed a key.
---@param key string  one of 0123456789*#ABCD
---@return true? done
---@return rcml.error? err
---@see rcml_call_press_digit
function call:press_digit(key) end

---Writes what the caller is heard to say into a file.
---@param path string  that is not there yet
---@return true? done
---@return rcml.error? err
---@see rcml_call_record
function call:record(path) end

---What is known of a call.
---@class rcml.call_info
---@field sid string
---@field from string
---@field to string
---@field status string  queued, ringing, in-progress
---@field outgoing boolean
---@field answered boolean
---@field legs rcml.leg_info[]
---@see rcml_call_info

---What is known of a leg.
---@class rcml.leg_info
---@field id integer [rcml_leg_info.leg]
---@field sid string
---@field to string
---@field status string
---@field sip_code integer
---@field ended boolean
---@see rcml_leg_info

---What is known of the call now.
---@return rcml.call_info? info
---@return rcml.error? err  name "gone" when it has ended
---@see rcml_call_state
---@see rcml_call_leg
function call:state() end

---Waits for an event of this call; "ringing", "answered" and "ended" are there at once if they have happened.
---@param event "ringing"|"answered"|"ended"|"status"|"dial"|"digit"|"finding"|"recording"|"callback"|string[]
---@param seconds? number  at most; for ever if absent
---@return rcml.event? event
---@return rcml.error? err  name "timeout", or "gone" when the call ended before: `err.event` says how
---@see rcml_agent_wait
function call:wait(event, seconds) end

---Your party rings.
---@param sip_code? integer  180..189; 180 if absent; 183 = it can be heard already
---@param sdp? string  of a party in SDP: the answer to our offer
---@return true? done
---@return rcml.error? err
---@see rcml_host_ring
function call:host_ring(sip_code, sdp) end

---Your party answered, or takes what an "offer" asked for.
---@param sdp? string  of a party in SDP: the answer
---@return true? done
---@return rcml.error? err
---@see rcml_host_answer
function call:host_answer(sdp) end

---Your party in SDP wants other media; "accepted" or "refused" follows.
---@param sdp string
---@return true? done
---@return rcml.error? err
---@see rcml_host_offer
function call:host_offer(sdp) end

---Your party does not take what an "offer" asked for.
---@param sip_code? integer  300..699; 488 if absent
---@return true? done
---@return rcml.error? err
---@see rcml_host_refuse
function call:host_refuse(sip_code) end

---Your party hung up, gave up, or does not come.
---@param sip_code? integer  why a leg does not come: 486 busy, 603 declined
---@return true? done
---@return rcml.error? err
---@see rcml_host_hang_up
function call:host_hang_up(sip_code) end

---Your party pressed a key.
---@param key string  one of 0123456789*#ABCD
---@return true? done
---@return rcml.error? err
---@see rcml_host_press_digit
function call:host_press_digit(key) end

---What your party says, 20 ms of it.
---@param frame string  320 octets of linear16, 160 of G.711
---@return boolean? heard  false: nobody listens yet
---@return rcml.error? err
---@see rcml_host_push
function call:host_push(frame) end

---What your party is to hear next, 20 ms of it.
---@return string|false? frame  false: nothing has come yet
---@return rcml.error? err
---@see rcml_host_pull
function call:host_pull() end

---A party rung by a <Dial>. Fields beside these are yours.
---@class rcml.leg
---@field id integer
---@field call rcml.call
---@field sid? string
---@field to? string
---@field status? string  as in its last event
---@field events table<string, rcml.event>  by initiated, ringing, answered, completed
local leg = {}

---Waits for an event of this leg; what has happened is there at once, but for "status" (the next step) and "digit".
---@param event "initiated"|"ringing"|"answered"|"completed"|"status"|"digit"|string[]
---@param seconds? number  at most; for ever if absent
---@return rcml.event? event
---@return rcml.error? err  name "timeout", or "gone" when the leg ended before: `err.event` says how
---@see rcml_agent_wait
function leg:wait(event, seconds) end

---Your party rings.
---@param sip_code? integer  180..189; 180 if absent; 183 = it can be heard already
---@param sdp? string  of a party in SDP: the answer to our offer
---@return true? done
---@return rcml.error? err
---@see rcml_host_ring
function leg:host_ring(sip_code, sdp) end

---Your party answered, or takes what an "offer" asked for.
---@param sdp? string  of a party in SDP: the answer
---@return true? done
---@return rcml.error? err
---@see rcml_host_answer
function leg:host_answer(sdp) end

---Your party in SDP wants other media; "accepted" or "refused" follows.
---@param sdp string
---@return true? done
---@return rcml.error? err
---@see rcml_host_offer
function leg:host_offer(sdp) end

---Your party does not take what an "offer" asked for.
---@param sip_code? integer  300..699; 488 if absent
---@return true? done
---@return rcml.error? err
---@see rcml_host_refuse
function leg:host_refuse(sip_code) end

---Your party hung up, gave up, or does not come.
---@param sip_code? integer  why a leg does not come: 486 busy, 603 declined
---@return true? done
---@return rcml.error? err
---@see rcml_host_hang_up
function leg:host_hang_up(sip_code) end

---Your party pressed a key.
---@param key string  one of 0123456789*#ABCD
---@return true? done
---@return rcml.error? err
---@see rcml_host_press_digit
function leg:host_press_digit(key) end

---What your party says, 20 ms of it.
---@param frame string  320 octets of linear16, 160 of G.711
---@return boolean? heard  false: nobody listens yet
---@return rcml.error? err
---@see rcml_host_push
function leg:host_push(frame) end

---What your party is to hear next, 20 ms of it.
---@return string|false? frame  false: nothing has come yet
---@return rcml.error? err
---@see rcml_host_pull
function leg:host_pull() end
