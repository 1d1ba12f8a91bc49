import CRCML
import RCMLAgent
import RCMLBasics
import RCMLReactor

/// What the rooms below have counted, as rcml.h hands it out.
enum CounterValues {
  static func read(_ counted: Counters) -> rcml_counters {
    var all = rcml_counters()
    all.struct_size = MemoryLayout<rcml_counters>.size
    all.uptime_ms = UInt64(clamping: counted.uptime.wholeMilliseconds)
    putCalls(counted.agent, &all)
    putSIP(counted, &all)
    putWeb(counted, &all)
    putMedia(counted, &all)
    all.events_waiting = counted.eventsWaiting
    all.events_lost = counted.eventsLost
    all.journal_octets = counted.journalOctets
    all.descriptors_open = counted.descriptorsOpen
    putLimits(counted, &all)
    return all
  }

  private static func putLimits(_ counted: Counters, _ all: inout rcml_counters) {
    func refused(_ limit: Limit) -> UInt64 {
      (counted.agent.refusedByLimit[limit] ?? 0) &+ (counted.refusedByLimit[limit] ?? 0)
    }
    all.refused_max_calls = refused(.calls)
    all.refused_max_calls_per_source = refused(.callsOfSource)
    all.refused_max_memory = refused(.memory)
    all.refused_overload = refused(.overload)
    all.refused_max_connections = refused(.connections)
    all.refused_max_connections_per_address = refused(.connectionsOfAddress)
    all.refused_web_turns = refused(.webTurns)
    all.refused_max_call_duration = refused(.callDuration)
    all.refused_max_documents_per_call = refused(.documentsOfCall)
    all.refused_max_returns = refused(.returns)
    all.refused_max_breadth = refused(.breadth)
  }

  private static func putCalls(_ agent: AgentCounters, _ all: inout rcml_counters) {
    all.calls_active = agent.callsActive
    all.calls_incoming = agent.callsIncoming
    all.calls_outgoing = agent.callsOutgoing
    all.calls_host = agent.callsOfHost
    all.calls_completed = agent.calls.completed
    all.calls_busy = agent.calls.busy
    all.calls_no_answer = agent.calls.noAnswer
    all.calls_failed = agent.calls.failed
    all.calls_canceled = agent.calls.canceled
    all.legs_active = agent.legsActive
    all.legs_started = agent.legsStarted
    all.legs_completed = agent.legs.completed
    all.legs_busy = agent.legs.busy
    all.legs_no_answer = agent.legs.noAnswer
    all.legs_failed = agent.legs.failed
    all.legs_canceled = agent.legs.canceled
    all.keys_media = agent.keysOfMedia
    all.keys_info = agent.keysOfInfo
    all.keys_host = agent.keysOfHost
  }

  private static func putSIP(_ counted: Counters, _ all: inout rcml_counters) {
    let sip = counted.agent.sip
    all.invites_received = sip.invitesReceived
    all.invites_sent = sip.invitesSent
    all.messages_received = sip.messagesReceived
    all.messages_sent = sip.messagesSent
    all.retransmissions_received = sip.retransmissionsReceived
    all.retransmissions_sent = sip.retransmissionsSent
    all.messages_refused = counted.agent.messagesRefused
    all.responses_stray = sip.strayResponses
    all.datagrams_dropped = counted.datagramsDropped
    all.connections_active = counted.streamsOpen
    all.connections_accepted = counted.streamsAccepted
    all.connections_opened = counted.streamsOpened
    all.connections_refused = counted.streamsRefused
    all.connections_overflowed = counted.streamsOverflowed
  }

  private static func putWeb(_ counted: Counters, _ all: inout rcml_counters) {
    all.http_active = counted.exchangesActive
    all.http_2xx = counted.ended.answered2xx
    all.http_3xx = counted.ended.answered3xx
    all.http_4xx = counted.ended.answered4xx
    all.http_5xx = counted.ended.answered5xx
    all.http_unresolved = counted.ended.unresolved
    all.http_unreachable = counted.ended.unreachable
    all.http_timed_out = counted.ended.timedOut
    all.http_refused = counted.ended.refused
    all.http_aborted = counted.ended.aborted
    all.http_failed = counted.ended.failed
    all.callbacks_waiting = counted.agent.callbacksWaiting
    all.callbacks_delivered = counted.agent.callbacksDelivered
    all.callbacks_given_up = counted.agent.callbacksGivenUp
  }

  private static func putMedia(_ counted: Counters, _ all: inout rcml_counters) {
    all.streams_active = counted.media.streamsOpen
    all.streams_refused = counted.media.streamsRefused
    all.packets_received = counted.media.packetsReceived
    all.packets_sent = counted.media.packetsSent
    all.packets_stranger = counted.media.packetsStrange
    all.packets_malformed = counted.media.packetsMalformed
    all.packets_unwanted = counted.media.packetsUnwanted
    all.packets_unsent = counted.media.packetsUnsent
    all.recordings_active = counted.recordingsActive
    all.recordings_completed = counted.media.recordings.completed
    all.recordings_discarded = counted.media.recordings.discarded
    all.recordings_failed = counted.media.recordings.failed
  }
}
