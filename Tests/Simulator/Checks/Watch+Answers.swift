import RCMLBasics

/// A 2xx to an INVITE is sent again until its ACK comes (RFC 3261 §13.3.1.4): that it is, not only when (I-S7).
extension Watch {
  func answersSent(_ message: SipText, isStream: Bool) {
    if message.method == .bye { return forgetAnswers(of: message.callID) }
    guard message.method == nil, message.sequenceMethod == .invite,
      (200..<300).contains(message.code),
      !isStream
    else { return }
    let key = SendKey(
      branch: message.branch, method: message.sequenceMethod.hashValueOfName, code: message.code,
      tag: message.toTag)
    if sends[key]?.count == 1, sends[key]?.isOver == false { openAnswers[key] = message.callID }
  }

  func answersDelivered(_ message: SipText) {
    switch message.method {
    case .ack:
      openAnswers = openAnswers.filter { sends[$0.key]?.isOver == false }
    case .bye: forgetAnswers(of: message.callID)
    // Nobody offers anew who has not had our answer (RFC 3264 §4, RFC 3311 §5.1).
    case .invite where !message.toTag.isEmpty, .update where message.hasBody:
      openAnswers = openAnswers.filter {
        $0.value != message.callID || $0.key.branch == message.branch
      }
    case .invite, .cancel, .options, .info, .update, .prack, .other, nil: break
    }
  }

  private func forgetAnswers(of callID: [UInt8]) {
    if openAnswers.isEmpty { return }
    openAnswers = openAnswers.filter { $0.value != callID }
  }

  func answersSettled() {
    guard !openAnswers.isEmpty, !hostInterferes, !streamsFailed else { return }
    for (key, callID) in openAnswers {
      guard let record = sends[key], !record.isOver, now - record.first < .seconds(32) else {
        openAnswers[key] = nil
        continue
      }
      let pause = min(
        Interval.milliseconds(500) * (1 << min(20, record.count - 1)), .seconds(4))
      if now > record.last + pause + .milliseconds(2) {
        fail(
          .repetitions,
          "a 2xx in \(text(callID)) has no ACK, and is not sent again after "
            + "\((now - record.last).wholeMilliseconds) ms")
      }
    }
  }
}
