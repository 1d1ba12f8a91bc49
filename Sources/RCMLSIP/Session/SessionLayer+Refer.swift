import RCMLBasics

/// A party that wants the other one transferred (RFC 3515, spec U-40). Only where somebody said that it may: everywhere
/// else REFER gets 405.
extension SessionLayer {
  /// 202 and a NOTIFY that it is being tried; the host hears where to.
  func referArrived(
    _ session: Session, dialog: Int, _ server: ServerTransaction, _ message: Message,
    at now: Instant
  ) {
    guard let target = message.nameAddress(of: .referTo)?.uri, SIPURI.read(target[...]) != nil
    else {
      return respond(
        400, to: server, of: session, phrase: Array("Bad Refer-To".utf8), at: now)
    }
    // One at a time: the first is not decided.
    guard session.refer.begin(cseq: message.cseq) else {
      return respond(491, to: server, of: session, at: now)
    }
    respond(202, to: server, of: session, at: now) { header in
      if let path = session.path { writeContact(session, on: path, to: &header) }
    }
    notify(session, dialog: dialog, code: 100, at: now)
    tell(session, .referred(to: target))
  }

  /// What became of the transfer: the last NOTIFY.
  func referFinished(_ session: Session, code: UInt16, at now: Instant) {
    guard session.refer.subscription != nil, let leg = session.leg, session.takesOffers else {
      return
    }
    notify(session, dialog: leg, code: code, at: now)
    session.refer.finish()
  }

  private func notify(_ session: Session, dialog: Int, code: UInt16, at now: Instant) {
    guard let subscription = session.refer.subscription else { return }
    sendInDialog(.notify(refer: subscription, code: code), session, dialog: dialog, at: now)
  }

  /// `message/sipfrag`: the status line of what the transfer came to (RFC 3515 §2.4.5).
  static func fragment(_ code: UInt16) -> [UInt8] {
    var writer = ByteWriter(capacity: 48)
    writer.append("SIP/2.0 ")
    writer.append(decimal: UInt64(code))
    writer.append(" ")
    writer.append(ReasonPhrase.standard(code))
    writer.append("\r\n")
    return writer.finish()
  }
}
