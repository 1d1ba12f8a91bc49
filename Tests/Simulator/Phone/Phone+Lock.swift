/// Asking who calls.
extension Phone {
  private var lock: PhoneLock? {
    guard case .callee(let script) = role else { return nil }
    return script.lock
  }

  /// True: the INVITE was answered with a challenge, and is forgotten but for its repetitions.
  func challenges(_ message: SipText, over link: Link) -> Bool {
    guard let lock else { return false }
    if let said = challenged[message.branch] {
      outbox.append(.send(said, over: link))
      return true
    }
    guard let challenge = lock.challenge(rounds[message.callID] ?? 0) else { return false }
    rounds[message.callID, default: 0] += 1
    let bytes = refusal(of: message, challenge)
    challenged[message.branch] = bytes
    outbox.append(.send(bytes, over: link))
    return true
  }

  /// True: the request inside a dialog has to come again with credentials.
  func challengesInDialog(_ message: SipText, _ call: Int?, over link: Link) -> Bool {
    guard let lock, lock.asksInDialog, message.credentials.isEmpty, let call else { return false }
    let realm = lock.challenges.first?.realm ?? "home"
    let bytes = refusal(of: message, PhoneLock.Challenge(isProxy: false, realm: realm))
    remember(bytes, message, call)
    outbox.append(.send(bytes, over: link))
    return true
  }

  private func refusal(of message: SipText, _ challenge: PhoneLock.Challenge) -> [UInt8] {
    let nonce = String(decoding: token(), as: UTF8.self)
    var writer = SipWriter(
      response: challenge.isProxy ? 407 : 401, to: message, toTag: Array("lock-\(name)".utf8))
    for field in PhoneLock.fields(challenge, nonce: nonce) {
      writer.header(field.name, field.value)
    }
    return writer.finished()
  }
}
