import RCMLBasics

/// The requests of ours inside a dialog, written once there is a way to send them.
extension UserAgent {
  mutating func begin(
    _ kind: Outbound.Kind, of session: Session, over path: Path, _ outbound: Outbound?,
    at now: Instant
  ) {
    switch kind {
    case .invite:
      beginInvite(session, over: path, outbound, at: now)
    case .acknowledgement(let index, let cseq, let body):
      acknowledge(session, index, cseq, body, over: path, at: now)
    case .bye(let index):
      let reasons = session.reasons
      request(.bye, .bye(dialog: index), session, dialog: index, over: path, at: now) { writer in
        writer.header.fields("Reason", reasons)
        return writer.finish()
      }
    case .offer(let body):
      let (contact, timer) = (contact(on: path), timerFields(ofRefresh: session))
      guard !session.offers.isCancelled else {
        return offerFinished(session, code: 487, at: now)
      }
      let number = request(
        .invite, .offer, session, dialog: session.leg, over: path, at: now
      ) { writer in
        writer.header.field("Contact", contact)
        writer.header.field("Allow", text: UserAgent.allowed)
        timer.write(to: &writer.header)
        return writer.finish(body: body)
      }
      session.offerTransaction = number
    case .refresh:
      let (contact, timer) = (contact(on: path), timerFields(ofRefresh: session))
      request(.update, .refresh, session, dialog: session.leg, over: path, at: now) { writer in
        writer.header.field("Contact", contact)
        timer.write(to: &writer.header)
        return writer.finish()
      }
    case .passed(let passed):
      request(
        passed.method, .passed(server: passed.server), session, dialog: session.leg, over: path,
        hops: passed.maxForwards, at: now
      ) { writer in
        for line in passed.headers { writer.header.field(line) }
        return writer.finish(body: passed.body, as: passed.contentType)
      }
    case .notify(let refer, let code):
      let (contact, body) = (contact(on: path), fragment(code))
      request(.notify, .notify, session, dialog: session.leg, over: path, at: now) { writer in
        writer.header.field("Contact", contact)
        writer.header.field("Event", Array("refer;id=\(refer)".utf8))
        writer.header.field(
          "Subscription-State",
          text: code < 200 ? "active;expires=60" : "terminated;reason=noresource")
        return writer.finish(body: body, as: Array("message/sipfrag;version=2.0".utf8))
      }
    case .reliable(let index, let rseq, let cseq):
      // The INVITE may have moved to another address in the meantime.
      guard session.dialogs.indices.contains(index), session.dialogs[index].remoteRSeq == rseq
      else { return }
      request(.prack, .reliable(dialog: index), session, dialog: index, over: path, at: now) {
        writer in
        writer.header.field("RAck", Array("\(rseq) \(cseq) INVITE".utf8))
        return writer.finish()
      }
    }
  }

  /// One request with the dialog's next CSeq (RFC 3261 §12.2.1.1).
  @discardableResult
  private mutating func request(
    _ method: Method, _ purpose: ClientTransaction.Purpose, _ session: Session,
    dialog index: Int?, over path: Path, hops: UInt8 = 70, at now: Instant,
    write: (inout RequestWriter) -> [UInt8]
  ) -> UInt64? {
    guard let index else { return nil }
    session.dialogs[index].path = path
    session.dialogs[index].localCSeq += 1
    var head = requestHead(
      session, dialog: index, cseq: session.dialogs[index].localCSeq, over: path)
    head.maxForwards = hops
    return start(method, purpose, of: session, head: head, over: path, at: now) { head in
      var writer = head.writer(method, capacity: 1_024)
      return write(&writer)
    }
  }

  private mutating func acknowledge(
    _ session: Session, _ index: Int, _ cseq: UInt32, _ body: [UInt8], over path: Path,
    at now: Instant
  ) {
    var head = requestHead(session, dialog: index, cseq: cseq, over: path)
    head.branch = branch(Token(number: 0, random: random.next()))
    head.credentials =
      session.authentication?.acknowledgementLines(cseq: cseq, to: path.flow.remote) ?? []
    var writer = head.writer(.ack)
    let bytes = writer.finish(body: body)
    session.dialogs[index].path = path
    session.dialogs[index].keep(acknowledgement: bytes, of: cseq, over: path)
    send(bytes, over: path.flow, at: now)
  }

  private func requestHead(
    _ session: Session, dialog index: Int, cseq: UInt32, over path: Path
  ) -> RequestHead {
    let dialog = session.dialogs[index]
    let (uri, routes) = dialog.requestURIAndRoutes
    return RequestHead(
      uri: uri, transport: path.flow.transport, sentBy: path.shown, branch: [], routes: routes,
      from: session.localParty, to: session.remoteParty,
      // The To of an incoming session is the From of its INVITE, tag and all.
      toTag: session.isOutgoing ? dialog.remoteTag : [],
      callID: session.callID, cseq: cseq)
  }
}
