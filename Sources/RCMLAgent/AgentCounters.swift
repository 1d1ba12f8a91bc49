import RCMLBasics
import RCMLDial
import RCMLSIP

/// What became of calls since the agent was made, and what is under way now. Nobody decides by it: a replay may
/// count or not.
public struct AgentCounters: Hashable, Sendable {
  /// How calls or legs ended (spec K-7, M-3).
  public struct Results: Hashable, Sendable {
    public var completed: UInt64 = 0
    public var busy: UInt64 = 0
    public var noAnswer: UInt64 = 0
    public var failed: UInt64 = 0
    public var canceled: UInt64 = 0

    public var total: UInt64 { completed &+ busy &+ noAnswer &+ failed &+ canceled }

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

  public var callsActive: UInt64 = 0
  public var callsIncoming: UInt64 = 0
  public var callsOutgoing: UInt64 = 0
  public var callsOfHost: UInt64 = 0
  public var calls = Results()

  public var legsStarted: UInt64 = 0
  public var legs = Results()
  public var legsActive: UInt64 { legsStarted > legs.total ? legsStarted - legs.total : 0 }

  /// Messages from the network that were dropped or refused, each with an event `refused`.
  public var messagesRefused: UInt64 = 0
  public var sip = UserAgentCounters()

  /// Under way, or behind one that is.
  public var callbacksWaiting: UInt64 = 0
  public var callbacksDelivered: UInt64 = 0
  public var callbacksGivenUp: UInt64 = 0

  /// Keys by the way they came: RFC 4733 or in the sound, INFO, the host.
  public var keysOfMedia: UInt64 = 0
  public var keysOfInfo: UInt64 = 0
  public var keysOfHost: UInt64 = 0

  /// What limits refused (spec Y-13).
  public var refusedByLimit: [Limit: UInt64] = [:]

  public init() {}

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
