import RCMLBasics

/// A party that wants the other one transferred (RFC 3515, spec U-40). Only where somebody said that it may: everywhere
/// else REFER gets 405.
extension UserAgent {
  /// From now on REFER in this session is taken, or is not any more.
  package mutating func takeRefer(_ id: SessionID, _ isTaken: Bool) {
    sessions[id.number]?.takesRefer = isTaken
  }

  /// 202 and a NOTIFY that it is being tried; the host hears where to.
  mutating func referArrived(
    _ session: Session, dialog: Int, _ server: ServerTransaction, at now: Instant
  ) {
    guard let target = server.request.nameAddress(of: .referTo)?.uri,
      SIPURI.read(target[...]) != nil
    else {
      var writer = response(400, to: server, phrase: Array("Bad Refer-To".utf8))
      return give(400, writer.finish(), to: server, at: now)
    }
    // One at a time: the first is not decided.
    guard session.refer == nil else {
      var writer = response(491, to: server)
      return give(491, writer.finish(), to: server, at: now)
    }
    session.refer = server.request.cseq
    var writer = response(202, to: server)
    if let path = session.path { writer.header.field("Contact", contact(on: path)) }
    give(202, writer.finish(), to: server, at: now)
    notify(session, dialog: dialog, code: 100, at: now)
    tell(session, .referred(to: target))
  }

  /// What became of the transfer: the last NOTIFY.
  package mutating func referFinished(_ id: SessionID, code: UInt16, at now: Instant) {
    guard let session = sessions[id.number], session.refer != nil, let leg = session.leg,
      session.takesOffers
    else { return }
    notify(session, dialog: leg, code: code, at: now)
    session.refer = nil
    dropStaleDeadlines()
  }

  private mutating func notify(
    _ session: Session, dialog: Int, code: UInt16, at now: Instant
  ) {
    guard let cseq = session.refer else { return }
    sendInDialog(.notify(refer: cseq, code: code), session, dialog: dialog, at: now)
  }

  /// `message/sipfrag`: the status line of what the transfer came to (RFC 3515 §2.4.5).
  func fragment(_ code: UInt16) -> [UInt8] {
    var writer = ByteWriter(capacity: 48)
    writer.append("SIP/2.0 ")
    writer.append(decimal: UInt64(code))
    writer.append(" ")
    writer.append(ReasonPhrase.standard(code))
    writer.append("\r\n")
    return writer.bytes
  }
}
