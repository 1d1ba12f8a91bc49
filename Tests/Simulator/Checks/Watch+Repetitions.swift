import RCMLBasics

/// Repetitions are the same octets at the RFC's times; sequence numbers grow (I-S7).
extension Watch {
  struct SendKey: Hashable {
    var branch: [UInt8]
    var method: Int
    /// 0 for a request.
    var code: Int
    var tag: [UInt8]
  }

  struct SendRecord {
    var bytes: [UInt8]
    /// The From tag: in a response, the peer's.
    var peerTag: [UInt8]
    var isStream: Bool
    var count = 1
    var last: Instant
    var first: Instant
    var provisional = false
    var isOver = false
  }

  struct DialogKey: Hashable {
    var callID: [UInt8]
    var local: [UInt8]
    var remote: [UInt8]
  }

  func sawForRepetitions(delivered message: SipText) {
    if message.method == nil {
      let key = SendKey(
        branch: message.branch, method: message.sequenceMethod.hashValueOfName, code: 0, tag: [])
      if message.code < 200 {
        sends[key]?.provisional = true
      } else {
        sends[key]?.isOver = true
      }
    } else if message.method == .ack {
      acknowledgedByPeer(message)
    }
  }

  /// The ACK of a failure response has its INVITE's branch; that of a 2xx has its own, and the dialog's tags find it.
  private func acknowledgedByPeer(_ ack: SipText) {
    let invite = SipText.Method.invite.hashValueOfName
    let answers = sends.filter { $0.key.code >= 200 && $0.key.method == invite }
    if let refusal = answers.first(where: { $0.key.branch == ack.branch && $0.key.code >= 300 }) {
      sends[refusal.key]?.isOver = true
      return
    }
    for (key, record) in answers
    where key.tag == ack.toTag && record.peerTag == ack.fromTag
      && acknowledgedSequence[key] == ack.sequence
    {
      sends[key]?.isOver = true
    }
  }

  /// A re-INVITE that is repeated after 200 ms got its 100 before (spec U-55).
  func inviteDelivered(_ message: SipText) {
    guard message.method == .invite, !message.toTag.isEmpty else { return }
    if heardInvites.insert(message.branch).inserted {
      silentInvites[message.branch] = now
    } else if let since = silentInvites[message.branch], now - since > .milliseconds(200) {
      fail(.trying, "a re-INVITE heard nothing for \((now - since).wholeMilliseconds) ms")
    }
  }

  func sawForRepetitions(sent message: SipText, isStream: Bool) {
    if message.method == .ack { return checkAck(message) }
    if message.method == nil, message.code < 200 || message.sequenceMethod != .invite { return }
    let key = SendKey(
      branch: message.branch, method: message.sequenceMethod.hashValueOfName, code: message.code,
      tag: message.code == 0 ? [] : message.toTag)
    guard let record = sends[key] else {
      sends[key] = SendRecord(
        bytes: message.bytes, peerTag: message.fromTag, isStream: isStream, last: now, first: now)
      if message.method == nil {
        acknowledgedSequence[key] = message.sequence
      } else {
        checkSequence(message, isStream: isStream)
      }
      return
    }
    let name = message.method.map(\.rawValue) ?? "\(message.code)"
    if record.bytes != message.bytes, !isAskedFromElsewhere(message, record) {
      fail(.repetitions, "\(name) was repeated with other octets")
    }
    // An answer is said again to whoever asks again: that is outside of the schedule, unless it meets it.
    if message.method == nil, let current, current.method == .invite,
      current.branch == message.branch, record.isOver || !isOnTime(message, record)
    {
      return
    }
    checkTime(message, record, name)
    sends[key]?.count += 1
    sends[key]?.last = now
  }

  /// A NAT may have given whoever asks again another port, which stands in the Via; nothing else differs.
  private func isAskedFromElsewhere(_ message: SipText, _ record: SendRecord) -> Bool {
    guard message.method == nil, current?.method == .invite, current?.branch == message.branch
    else { return false }
    func lines(_ bytes: [UInt8]) -> [Substring] {
      String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
        .filter { !$0.hasPrefix("Via:") }
    }
    return lines(message.bytes) == lines(record.bytes)
  }

  private func checkTime(_ message: SipText, _ record: SendRecord, _ name: String) {
    if record.isOver { return fail(.repetitions, "\(name) was repeated after it was answered") }
    let isAnswer = message.method == nil
    if record.isStream, !(isAnswer && message.code < 300) {
      if !streamsFailed { fail(.repetitions, "\(name) was repeated on a stream") }
      return
    }
    // On a broken stream some were never sent.
    if record.isStream, streamsFailed { return }
    let isInvite = message.method == .invite
    if isInvite, record.provisional {
      return fail(.repetitions, "INVITE was repeated after a provisional response")
    }
    let since = now - record.last
    let isSlow = record.provisional && since == .seconds(4)
    if !isOnTime(message, record), !isSlow {
      fail(
        .repetitions,
        "repetition \(record.count) of \(name) came after \(since.wholeMilliseconds) ms, "
          + "not \(Watch.interval(message, record).wholeMilliseconds)")
    }
    if now - record.first > .milliseconds(32_100) {
      fail(.repetitions, "\(name) is repeated for longer than 64·T1")
    }
  }

  /// The time from the send before to this one, as RFC 3261 §17 and §13.3.1.4 have it.
  private static func interval(_ message: SipText, _ record: SendRecord) -> Interval {
    let doubled = Interval.milliseconds(500) * (1 << min(20, record.count - 1))
    return message.method == .invite ? doubled : min(doubled, .seconds(4))
  }

  private func isOnTime(_ message: SipText, _ record: SendRecord) -> Bool {
    let since = now - record.last
    let difference = since.nanoseconds - Watch.interval(message, record).nanoseconds
    return difference >= 0 && difference <= 1_000_000
  }

  /// Not a repetition of what was sent before.
  func isFirstSend(_ message: SipText) -> Bool {
    let method = message.sequenceMethod.hashValueOfName
    let key = SendKey(branch: message.branch, method: method, code: 0, tag: [])
    return sends[key]?.count == 1
  }

  private func checkSequence(_ message: SipText, isStream: Bool) {
    guard message.method != .cancel else { return }
    let key = DialogKey(callID: message.callID, local: message.fromTag, remote: message.toTag)
    // What was sent outside a dialog counts for the dialogs that came of it.
    let outside = DialogKey(callID: message.callID, local: message.fromTag, remote: [])
    let before = max(sequences[key] ?? 0, sequences[outside] ?? 0)
    // RFC 3263 §4.3: at the next server it is the same INVITE with another branch.
    // So it is, over UDP, when it was too large for that and TCP led to nothing (RFC 3261 §18.1.1).
    let mayFallBack = !isStream && sequencesOnStreams[outside] == message.sequence
    let hasMoved =
      (mayMove || mayFallBack) && message.method == .invite && message.toTag.isEmpty
    if message.sequence <= before, !(hasMoved && message.sequence == before) {
      fail(
        .repetitions,
        "\(message.method?.rawValue ?? "") has CSeq \(message.sequence) after \(before)")
    }
    sequences[key] = message.sequence
    sequencesOnStreams[key] = isStream ? message.sequence : nil
  }

  private func checkAck(_ message: SipText) {
    let key = DialogKey(callID: message.callID, local: message.fromTag, remote: message.toTag)
    let outside = DialogKey(callID: message.callID, local: message.fromTag, remote: [])
    let highest = max(sequences[key] ?? 0, sequences[outside] ?? 0)
    if message.sequence > highest {
      fail(.repetitions, "ACK has CSeq \(message.sequence), and no INVITE had it")
    }
  }
}
