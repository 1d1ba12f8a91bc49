import RCMLBasics

/// Provisional responses to callers who acknowledge them (RFC 3262 §3, §5, spec U-21).
extension Watch {
  func checkRinging(_ message: SipText, _ index: Int) {
    let caller = callers[index]
    guard let rseq = message.rseq, message.requiresReliable else {
      if caller.reliability == .required || message.requiresReliable || message.rseq != nil {
        fail(.reliableRinging, "\(message.code) to \(caller.name) does not ask for its PRACK")
      }
      return
    }
    if caller.reliability == .unknown {
      fail(.reliableRinging, "\(caller.name) is asked for a PRACK, and knows none")
    }
    if let last = caller.provisional, last.rseq == rseq {
      return checkRepetition(message, last, index)
    }
    let isNext = caller.provisional.map { rseq == $0.rseq + 1 } ?? (1...0x7fff_ffff).contains(rseq)
    if !isNext { fail(.reliableRinging, "\(message.code) to \(caller.name) has RSeq \(rseq)") }
    if let last = caller.provisional, !last.isAcknowledged {
      fail(.reliableRinging, "RSeq \(rseq) was sent before \(last.rseq) was acknowledged")
    }
    if message.hasBody {
      if caller.reliableAnswer != nil {
        fail(.reliableRinging, "\(caller.name) gets a second answer with RSeq \(rseq)")
      }
      callers[index].reliableAnswer = message.bytes[message.body]
    }
    callers[index].provisional = CallerRecord.Provisional(
      rseq: rseq, bytes: message.bytes, first: now, hasAnswer: message.hasBody)
  }

  private func checkRepetition(
    _ message: SipText, _ last: CallerRecord.Provisional, _ index: Int
  ) {
    if message.bytes != last.bytes {
      fail(.reliableRinging, "RSeq \(last.rseq) was repeated with other octets")
    }
    // Whoever sends the INVITE again gets the last response again.
    if let current, current.method == .invite { return }
    let after = (now - last.first).wholeMilliseconds
    // T1, 3·T1, 7·T1 … after the first, a millisecond late where it met something else; where the caller has closed its
    // connection, as late as a new one is there; the first one may have waited for one, too.
    let late = callers[index].isStream ? -400...400 : 0...1
    let isDue = (1...6).contains { late.contains(after - 500 * ((1 << $0) - 1)) }
    if last.isAcknowledged || !isDue {
      fail(
        .reliableRinging,
        "RSeq \(last.rseq) to \(callers[index].name) was repeated after \(after) ms")
    }
  }

  func acknowledgedRinging(_ message: SipText, _ index: Int) {
    guard let last = callers[index].provisional else { return }
    if message.text(message.rack) == "\(last.rseq) 1 INVITE" {
      callers[index].provisional?.isAcknowledged = true
    }
  }

  /// 504, and nothing else, 64·T1 after a response that nobody acknowledged.
  func gaveUpRinging(_ message: SipText, _ index: Int) -> Bool {
    guard message.code == 504, let last = callers[index].provisional, !last.isAcknowledged else {
      return false
    }
    return now - last.first >= .seconds(32)
  }

  /// For the host the call is answered; its 2xx waits for the PRACK.
  func isAnswerHeld(_ index: Int) -> Bool {
    callers[index].provisional.map { $0.hasAnswer && !$0.isAcknowledged } ?? false
  }

  /// A 2xx does not overtake the answer, and repeats it; a re-INVITE says what has become of it since.
  func checkAnswer(_ message: SipText, _ index: Int) {
    guard let answer = callers[index].reliableAnswer else { return checkMedia(message, index) }
    if let last = callers[index].provisional, last.hasAnswer, !last.isAcknowledged {
      fail(.reliableRinging, "\(message.code) to \(callers[index].name) came before the PRACK")
    }
    if message.bytes[message.body] != answer {
      fail(.reliableRinging, "\(callers[index].name) was answered twice, not with the same")
    }
  }
}
