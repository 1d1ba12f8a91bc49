import RCMLBasics

/// Requests that are the two parties' own business: while they are joined, INFO with anything but digits and MESSAGE go
/// from one to the other, and the answer goes back (spec U-25, U-26).
extension UserAgent {
  /// The two sessions are two ends of one call.
  package mutating func join(_ first: SessionID, _ second: SessionID) {
    sessions[first.number]?.passesTo = second
    sessions[second.number]?.passesTo = first
  }

  package mutating func part(_ first: SessionID, _ second: SessionID) {
    for (one, other) in [(first, second), (second, first)]
    where sessions[one.number]?.passesTo == other {
      sessions[one.number]?.passesTo = nil
    }
  }

  /// Where a request of this session goes; nil = nobody is there.
  func partner(of session: Session) -> Session? {
    guard let id = session.passesTo, let partner = sessions[id.number], !partner.isEnded,
      partner.leg != nil, partner.takesOffers
    else { return nil }
    return partner
  }

  mutating func pass(_ server: ServerTransaction, to partner: Session, at now: Instant) {
    let message = server.request
    let hops = message.maxForwards ?? 70
    guard hops > 0, let leg = partner.leg else {
      var writer = response(483, to: server)
      return give(483, writer.finish(), to: server, at: now)
    }
    let request = PassedRequest(
      method: message.method, maxForwards: min(70, hops) - 1,
      headers: message.headerLines(named: ["info-package", "content-disposition", "x-*"]),
      contentType: Array(message.contentType), body: Array(message.body), server: server.number)
    server.dropBody()
    sendInDialog(.passed(request), partner, dialog: leg, at: now)
  }

  /// An INFO of our own: a key that has to reach this party in the form in which the other one sent it (spec U-62).
  /// Nobody hears what became of it, unless the peer no longer knows the dialog (U-27).
  package mutating func sendInfo(
    _ id: SessionID, contentType: [UInt8], body: [UInt8], at now: Instant
  ) {
    guard let session = sessions[id.number], let leg = session.leg, session.takesOffers else {
      return
    }
    let request = PassedRequest(
      method: .info, maxForwards: 70, headers: [], contentType: contentType, body: body,
      server: nil)
    sendInDialog(.passed(request), session, dialog: leg, at: now)
    dropStaleDeadlines()
  }

  /// The partner's answer goes to whoever asked.
  mutating func passedFinished(
    _ partner: Session, _ server: UInt64?, code: UInt16, _ message: Message?, at now: Instant
  ) {
    let isLost = code == 408 || code == 481
    if let server = server.flatMap({ servers[$0] }) {
      // Those two would tell the asking party that its own dialog is gone; challenges are not its to answer.
      let given: UInt16 = isLost || code == 401 || code == 407 ? 504 : code
      var writer = response(given, to: server)
      if let message {
        for line in message.headerLines(named: ["accept", "recv-info"]) {
          writer.header.field(line)
        }
      }
      give(given, writer.finish(), to: server, at: now)
    }
    // U-27.
    if isLost, !partner.isEnded { dialogLost(partner, code: code, at: now) }
  }
}
