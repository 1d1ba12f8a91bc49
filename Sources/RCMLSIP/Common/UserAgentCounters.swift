/// What went over the wire since the user agent was made. Nobody decides by it.
public struct UserAgentCounters: Hashable, Sendable {
  /// Requests and responses, repetitions and those that cannot be read among them; keep-alives are none.
  public var messagesReceived: UInt64 = 0
  public var messagesSent: UInt64 = 0
  /// INVITEs outside of dialogs, each once however often it is repeated. One that is asked for credentials, or goes to
  /// another address, counts again.
  public var invitesReceived: UInt64 = 0
  public var invitesSent: UInt64 = 0
  /// Requests that came again.
  public var retransmissionsReceived: UInt64 = 0
  /// Whatever we sent before and had to send again (timers A, E and G, an answer without its ACK).
  public var retransmissionsSent: UInt64 = 0
  /// Responses that belong to nothing under way.
  public var strayResponses: UInt64 = 0

  public init() {}
}

/// Keeps them, for all layers.
final class UserAgentCounts {
  private(set) var counters = UserAgentCounters()

  func messageReceived() { counters.messagesReceived &+= 1 }
  func messageSent() { counters.messagesSent &+= 1 }
  func inviteReceived() { counters.invitesReceived &+= 1 }
  func inviteSent() { counters.invitesSent &+= 1 }
  func repetitionReceived() { counters.retransmissionsReceived &+= 1 }
  func repetitionSent() { counters.retransmissionsSent &+= 1 }
  func strayResponse() { counters.strayResponses &+= 1 }
}
