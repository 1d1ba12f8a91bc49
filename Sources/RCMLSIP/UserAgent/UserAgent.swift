import RCMLBasics

/// All of SIP behind one value: listeners and streams in, INVITE sessions out (spec U, T).
///
/// Feed it what the network said, ask it for what a call needs, then take its effects with `nextEffect()`
/// until there are none, and call `timePassed` at `nextDeadline`.
package struct UserAgent {
  package init(random: RandomSource, settings: Settings) {}

  /// Settings changed: they hold for what begins from now on.
  package mutating func apply(_ settings: Settings) {}

  // What the network said.
  package mutating func listening(_ id: ListenerID, _ transport: Transport, local: SocketAddress) {}
  package mutating func listenerClosed(_ id: ListenerID) {}
  package mutating func datagram(
    _ bytes: UnsafeRawBufferPointer, on listener: ListenerID, from source: SocketAddress,
    local: SocketAddress, at now: Instant
  ) {}
  package mutating func datagramRefused(
    on listener: ListenerID, to destination: SocketAddress, at now: Instant
  ) {}
  package mutating func streamAccepted(
    _ id: ConnectionID, on listener: ListenerID, local: SocketAddress, remote: SocketAddress,
    at now: Instant
  ) {}
  package mutating func streamConnected(_ id: ConnectionID, local: SocketAddress, at now: Instant) {
  }
  package mutating func streamFailed(_ id: ConnectionID, at now: Instant) {}
  package mutating func streamBytes(
    _ bytes: UnsafeRawBufferPointer, on id: ConnectionID, at now: Instant
  ) {}
  package mutating func streamClosed(_ id: ConnectionID, at now: Instant) {}
  package mutating func resolved(
    _ id: ResolutionID, _ addresses: [SocketAddress], at now: Instant
  ) {}
  package mutating func resolutionFailed(_ id: ResolutionID, at now: Instant) {}
  package mutating func routeFound(
    to destination: SocketAddress, local: SocketAddress, at now: Instant
  ) {}
  package mutating func timePassed(at now: Instant) {}

  // What a call asks for. A session that is gone, or in a state where the request means nothing, ignores it.
  /// A Call-ID nobody has used: to be put into `OutgoingInvite` (spec Q-9).
  package mutating func makeCallID() -> [UInt8] { [] }
  package mutating func invite(_ invite: OutgoingInvite, at now: Instant) -> SessionID {
    SessionID(0)
  }
  /// 180, or 183 with SDP, to the caller. Repeated by whoever asks (spec L-2).
  package mutating func ring(_ id: SessionID, code: UInt16, body: [UInt8], at now: Instant) {}
  /// 200 with SDP to the caller; repeated until its ACK.
  package mutating func accept(
    _ id: SessionID, body: [UInt8], headers: [HeaderLine], at now: Instant
  ) {}
  /// A final response of 300 or above to the caller.
  package mutating func reject(
    _ id: SessionID, code: UInt16, phrase: [UInt8], headers: [HeaderLine], at now: Instant
  ) {}
  /// Ends a session of either direction, whatever its state: CANCEL (held until a provisional response, F-7),
  /// BYE (after the ACK of a 2xx that is under way), or 480 for an unanswered caller. `reasons` become Reason
  /// header lines of the CANCEL or BYE (F-8).
  package mutating func end(_ id: SessionID, reasons: [[UInt8]], at now: Instant) {}
  /// re-INVITE with this SDP.
  package mutating func offer(_ id: SessionID, body: [UInt8], at now: Instant) {}
  /// 200 to the re-INVITE or UPDATE of `SessionEvent.offered`. When that was a re-INVITE without an offer, `body`
  /// is our offer, and the answer comes with `SessionEvent.acknowledged`.
  package mutating func answerOffer(_ id: SessionID, body: [UInt8], at now: Instant) {}
  package mutating func refuseOffer(_ id: SessionID, code: UInt16, at now: Instant) {}
  /// New INVITEs get 503 from now on (spec Q-6).
  package mutating func drain() {}

  package mutating func nextEffect() -> UserAgentEffect? { nil }
  package var nextDeadline: Deadline? { nil }
  /// Sessions, dialogs, transactions and streams still held; all zero when nothing is left (invariant I-S6).
  package var census: Census { Census() }

  package struct Census: Hashable, Sendable {
    package var sessions = 0
    package var transactions = 0
    package var streams = 0
    package init() {}
  }
}
