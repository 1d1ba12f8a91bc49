import RCMLBasics

/// The caller's side: one final response, and an end (I-S10).
extension Watch {
  func newCaller(_ message: SipText, isStream: Bool) {
    let name = text(message.user(in: message.from))
    var record = CallerRecord(
      callID: message.callID, name: name, branch: message.branch, delivered: now)
    record.isStream = isStream
    if message.supportsReliable { record.reliability = .supported }
    if message.requiresReliable { record.reliability = .required }
    record.takesNoDescription = message.accept.map { message.text($0) == "text/plain" } ?? false
    callerIndex[message.callID] = callers.count
    callerNames[Array(name.utf8)] = callers.count
    callers.append(record)
  }

  func fromCaller(_ message: SipText, _ index: Int) {
    switch message.method {
    case .cancel:
      if callers[index].finals.isEmpty { callers[index].left = callers[index].left ?? now }
    case .bye:
      callers[index].byeReceived = true
      callers[index].left = callers[index].left ?? now
    case .ack: callers[index].isAcknowledged = true
    case .prack: acknowledgedRinging(message, index)
    case nil: noteAgreement(message, index)
    case .invite, .options, .info, .update, .other: break
    }
  }

  /// A 2xx with a description, of either side, agrees on what we said last.
  private func noteAgreement(_ message: SipText, _ index: Int) {
    guard message.method == nil, (200..<300).contains(message.code), message.hasBody else { return }
    callers[index].agreedDescription = callers[index].lastDescription
  }

  /// What it says of the streams. True: nothing but what the caller knows.
  private func noteDescription(_ message: SipText, _ index: Int) -> Bool {
    guard message.hasBody else { return false }
    let said = Watch.withoutOrigin(message)
    defer {
      callers[index].lastDescription = said
      noteAgreement(message, index)
    }
    return said == callers[index].lastDescription || said == callers[index].agreedDescription
  }

  func toCaller(_ message: SipText, _ index: Int) {
    let isRefresh = noteDescription(message, index)
    guard message.method == nil else {
      // Over a stream it may have waited for its connection, while the leg it was about has gone.
      if message.method == .invite, isFirstSend(message), !isRefresh,
        !callers[index].isStream
      {
        checkMedia(message, index)
      }
      if message.method == .bye {
        if !callers[index].byeSent { checkReasons(message, index) }
        callers[index].byeSent = true
        if callers[index].answered == nil {
          fail(.oneFinalResponse, "BYE to \(callers[index].name), who was never answered")
        }
      }
      return
    }
    guard message.sequenceMethod == .invite, message.branch == callers[index].branch else { return }
    checkAccepted(message, index)
    guard message.code >= 200 else {
      beginWaiting(index)
      if !callers[index].finals.isEmpty {
        fail(.oneFinalResponse, "\(message.code) to \(callers[index].name) after a final response")
      }
      if message.code > 100 { checkRinging(message, index) }
      return
    }
    let final = CallerRecord.Final(code: message.code, tag: message.toTag)
    if callers[index].finals.contains(final) { return }
    lapse(index)
    callers[index].finals.append(final)
    if callers[index].finals.count > 1 {
      fail(
        .oneFinalResponse,
        "\(callers[index].name) got a second final response: "
          + callers[index].finals.map { "\($0.code)" }.joined(separator: ", "))
    }
    if message.code == 488 { refused(index) }
    if callerHearsNothing, message.code != 488, callers[index].left == nil {
      fail(.unheard, "\(callers[index].name) could hear nothing, and got \(message.code)")
    }
    checkTerminated(message, index)
    if message.code < 300 {
      callers[index].answered = now
      if callers[index].left != nil {
        fail(.oneFinalResponse, "\(callers[index].name) had left and got \(message.code)")
      }
      checkAnswer(message, index)
    } else if callers[index].left == nil, !gaveUpRinging(message, index) {
      checkRelayed(message.code, index)
    } else if callers[index].left != nil, message.code != 487 {
      fail(.oneFinalResponse, "\(callers[index].name) cancelled and got \(message.code), not 487")
    }
  }

  /// The table of spec M-30, where a single leg was refused and nothing else decided.
  private func checkRelayed(_ code: Int, _ index: Int) {
    let own = legs.filter { $0.caller == index }
    // A target that cannot be dialled is a leg without an INVITE.
    let told = events.values.filter { $0.call == callers[index].call }
    guard isPlain, !hostInterferes, own.count == 1, told.count == 1,
      let attempt = own[0].tries.last,
      attempt.cancelled == nil, let refused = attempt.refused,
      age(of: own[0]) < shortestTimeout
    else { return }
    let expected: Int
    switch refused {
    case 401, 407: expected = 403
    case 300..<400, 487: expected = 480
    default: expected = refused
    }
    if code != expected {
      fail(.relayedCode, "\(own[0].target) answered \(refused), and the caller got \(code)")
    }
  }

  /// The caller must hear the winner and nobody else (I-S1).
  func checkMedia(_ message: SipText, _ index: Int) {
    // An answer may have waited for a new connection, longer than the leg lived.
    if callers[index].isStream && streamsFailed { return }
    guard let name = Watch.mediaName(message) else { return }
    if screens, callers[index].winner == nil {
      let own = legs.last {
        $0.caller == index && $0.target == name && callers[index].answeredLegs.contains($0.sid)
      }
      callers[index].winner = own?.sid
    }
    guard let sid = callers[index].winner, let leg = legOfSid[sid] else {
      return fail(.oneWinner, "the caller was answered with the media of \(name), and no leg won")
    }
    if legs[leg].target != name {
      fail(
        .oneWinner, "\(legs[leg].target) won, and the caller was answered with the media of \(name)"
      )
    }
  }

  static func withoutOrigin(_ message: SipText) -> [UInt8] {
    message.bytes[message.body].split(separator: 10).filter { !$0.starts(with: [111, 61]) }
      .flatMap { $0 }
  }

  /// The user name of the `o=` line: the phone whose session it is.
  static func originName(_ message: SipText) -> String? {
    let body = message.bytes[message.body]
    for line in body.split(separator: 10) where line.starts(with: [111, 61]) {
      let value = line.dropFirst(2).prefix { $0 != 32 }
      return String(decoding: value, as: UTF8.self)
    }
    return nil
  }

  /// The callee whose address stands in the `c=` line: each has its own (`World.calleeHost`).
  static func mediaName(_ message: SipText) -> String? {
    let prefix = Array("c=IN IP4 10.0.2.".utf8)
    for line in message.bytes[message.body].split(separator: 10) where line.starts(with: prefix) {
      let digits = line.dropFirst(prefix.count).filter { $0 > 32 }
      return Int(String(decoding: digits, as: UTF8.self)).map { "callee\($0 - 1)" }
    }
    return nil
  }

  func finishCallers() {
    // Where the caller's stream broke, what it was told may have been told to nobody.
    for caller in callers where !(caller.isStream && streamsFailed) {
      if caller.finals.isEmpty {
        fail(.oneFinalResponse, "\(caller.name) never got a final response")
      }
      if caller.answered != nil, !caller.byeSent, !caller.byeReceived {
        fail(.oneFinalResponse, "\(caller.name) was answered, and nobody said BYE")
      }
    }
  }
}
