import RCMLBasics

/// Requests between the two parties: while they are joined, MESSAGE and INFO that holds no key go from one to the other,
/// and the answer goes back (spec U-25, U-26). INFO that holds a key is told to the call, which passes it on (U-62).
extension SessionLayer {
  func join(_ first: SessionID, _ second: SessionID) {
    self[first]?.join(second)
    self[second]?.join(first)
  }

  func part(_ first: SessionID, _ second: SessionID) {
    if let session = self[first], session.partner == second { session.join(nil) }
    if let session = self[second], session.partner == first { session.join(nil) }
  }

  /// Where a request of this session goes; nil = nobody is there.
  func partner(of session: Session) -> Session? {
    guard let id = session.partner, let partner = self[id], !partner.life.isEnded,
      partner.leg != nil, partner.takesOffers
    else { return nil }
    return partner
  }

  func pass(
    _ server: ServerTransaction, _ message: Message, to partner: Session, at now: Instant
  ) {
    let hops = message.maxForwards ?? 70
    guard hops > 0, let leg = partner.leg else {
      guard let session = self[SessionID(server.owner)] else { return }
      return respond(483, to: server, of: session, at: now)
    }
    let request = PassedRequest(
      method: message.method, dialog: leg, maxForwards: min(70, hops) - 1,
      headers: message.headerLines(named: SessionLayer.passedHeaders),
      contentType: Array(message.contentType), body: Array(message.body), server: server.number)
    server.dropBody()
    sendInDialog(.passed(request), partner, dialog: leg, at: now)
  }

  /// What says how the body is to be read goes with it.
  private static let passedHeaders: [StaticString] = [
    "info-package", "content-disposition", "content-encoding", "e", "content-language",
    "mime-version", "x-*",
  ]

  func sendInfo(_ session: Session, contentType: [UInt8], body: [UInt8], at now: Instant) {
    guard let dialog = session.openDialog else { return }
    let request = PassedRequest(
      method: .info, dialog: dialog, maxForwards: 70, headers: [], contentType: contentType,
      body: body, server: nil)
    sendInDialog(.passed(request), session, dialog: dialog, at: now)
  }

  /// The partner's answer goes to whoever asked.
  func passedFinished(
    _ partner: Session, _ number: UInt64?, code: UInt16, _ message: Message?, at now: Instant
  ) {
    let isLost = code == 408 || code == 481
    if let server = number.flatMap({ servers[$0] }) {
      // Those two would tell the asking party that its own dialog is gone; challenges are not its to answer.
      let given: UInt16 = isLost || code == 401 || code == 407 ? 504 : code
      let tag = self[SessionID(server.owner)]?.identity.localTag ?? []
      servers.respond(given, to: server, toTag: tag, at: now) { header in
        guard let message else { return }
        for line in message.headerLines(named: ["accept", "recv-info"]) { header.field(line) }
      }
    }
    // U-27.
    if isLost, !partner.life.isEnded { dialogLost(partner, code: code, at: now) }
  }
}
