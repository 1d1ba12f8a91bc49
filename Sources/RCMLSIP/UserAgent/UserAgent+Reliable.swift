import RCMLBasics

/// Provisional responses that want to be acknowledged (RFC 3262 §4, spec U-21).
extension UserAgent {
  /// False: it is a repetition, or came before its predecessor, and says nothing to anybody.
  mutating func takesReliable(
    _ session: Session, dialog index: Int, _ message: Message, at now: Instant
  ) -> Bool {
    guard message.hasOption("100rel", in: .require) else { return true }
    guard let rseq = message.number(of: .rseq), rseq > 0 else { return true }
    if let last = session.dialogs[index].remoteRSeq {
      guard rseq > last, rseq - last == 1 else { return false }
    }
    session.dialogs[index].remoteRSeq = rseq
    let body = sdp(of: message)
    if !body.isEmpty, !session.dialogs[index].isUpdated {
      session.dialogs[index].reliableBody = body
    }
    sendInDialog(
      .reliable(dialog: index, rseq: rseq, cseq: message.cseq), session, dialog: index, at: now)
    return true
  }

  /// The SDP of a 2xx, or what a reliable response of the same dialog has answered before it.
  func answer(in message: Message, of session: Session) -> [UInt8] {
    let body = sdp(of: message)
    guard let index = session.dialog(withRemoteTag: message.toTag),
      body.isEmpty || session.dialogs[index].isUpdated
    else { return body }
    return session.dialogs[index].reliableBody
  }

  /// The SDP of a provisional response, unless an UPDATE has replaced it.
  func earlyDescription(in message: Message, of session: Session) -> [UInt8] {
    let body = sdp(of: message)
    guard !body.isEmpty, let index = session.dialog(withRemoteTag: message.toTag),
      session.dialogs[index].isUpdated
    else { return body }
    return []
  }
}
