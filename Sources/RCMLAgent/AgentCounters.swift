import RCMLBasics
import RCMLDial
import RCMLSIP

/// What became of calls since the agent was made, and what is under way now. Nobody decides by it: a replay may
/// count or not.
package struct AgentCounters: Hashable, Sendable {
  /// How calls or legs ended (spec K-7, M-3).
  package struct Results: Hashable, Sendable {
    package var completed: UInt64 = 0
    package var busy: UInt64 = 0
    package var noAnswer: UInt64 = 0
    package var failed: UInt64 = 0
    package var canceled: UInt64 = 0

    package var total: UInt64 { completed &+ busy &+ noAnswer &+ failed &+ canceled }

    mutating func add(_ status: CallStatus) {
      switch status {
      case .completed: completed &+= 1
      case .busy: busy &+= 1
      case .noAnswer: noAnswer &+= 1
      case .failed: failed &+= 1
      case .canceled: canceled &+= 1
      // No call or leg ends with these.
      case .queued, .initiated, .ringing, .inProgress: break
      }
    }
  }

  package var callsActive: UInt64 = 0
  package var callsIncoming: UInt64 = 0
  package var callsOutgoing: UInt64 = 0
  package var callsOfHost: UInt64 = 0
  package var calls = Results()

  package var legsStarted: UInt64 = 0
  package var legs = Results()
  package var legsActive: UInt64 { legsStarted > legs.total ? legsStarted - legs.total : 0 }

  /// Messages from the network that were dropped or refused, each with an event `refused`.
  package var messagesRefused: UInt64 = 0
  package var sip = UserAgentCounters()

  /// Under way, or behind one that is.
  package var callbacksWaiting: UInt64 = 0
  package var callbacksDelivered: UInt64 = 0
  package var callbacksGivenUp: UInt64 = 0

  /// Keys by the way they came: RFC 4733 or in the sound, INFO, the host.
  package var keysOfMedia: UInt64 = 0
  package var keysOfInfo: UInt64 = 0
  package var keysOfHost: UInt64 = 0

  /// What limits refused (spec Y-13).
  package var refusedByLimit: [Limit: UInt64] = [:]

  package init() {}

  /// Where a call comes from.
  enum Beginning { case incoming, outgoing, host }

  mutating func count(_ beginning: Beginning) {
    switch beginning {
    case .incoming: callsIncoming &+= 1
    case .outgoing: callsOutgoing &+= 1
    case .host: callsOfHost &+= 1
    }
  }

  mutating func countCallback(isDelivered: Bool) {
    if isDelivered {
      callbacksDelivered &+= 1
    } else {
      callbacksGivenUp &+= 1
    }
  }

  mutating func count(_ event: HostEvent) {
    switch event {
    case .onCall(_, .legStatus(_, let leg)):
      switch leg.event {
      case .initiated: legsStarted &+= 1
      case .completed: legs.add(leg.status)
      case .ringing, .answered: break
      }
    case .onCall(_, .ended(let end)): calls.add(end.status)
    case .refused: messagesRefused &+= 1
    case .onCall, .question, .finding, .message, .drained: break
    }
  }

  mutating func count(keyBy way: KeyPress.Way) {
    switch way {
    case .media: keysOfMedia &+= 1
    case .info: keysOfInfo &+= 1
    case .host: keysOfHost &+= 1
    }
  }
}
