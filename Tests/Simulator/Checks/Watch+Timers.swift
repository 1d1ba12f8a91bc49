import RCMLAgent
import RCMLBasics

/// Session timers that a peer asks for (RFC 4028, spec U-60), keys that are passed on by INFO (U-62), and the time between
/// tries of a callback (K-12).
extension Watch {
  struct SessionTimer {
    var seconds: Int
    var refresher: String
  }

  func timersDelivered(_ message: SipText) {
    guard checksSessions, message.method == .invite, message.toTag.isEmpty, message.supportsTimer,
      !message.sessionExpires.isEmpty
    else { return }
    let words = message.text(message.sessionExpires).split(separator: ";")
    let refresher = words.dropFirst().first.map { String($0.dropFirst("refresher=".count)) } ?? ""
    timersAsked[message.callID] = SessionTimer(
      seconds: words.first.flatMap { Int($0) } ?? 0, refresher: refresher)
  }

  func timersSent(_ message: SipText) {
    guard checksSessions, message.method == nil, message.sequenceMethod == .invite,
      (200..<300).contains(message.code), let index = callerIndex[message.callID],
      message.branch == callers[index].branch, let asked = timersAsked[message.callID]
    else { return }
    let name = callers[index].name
    guard !message.sessionExpires.isEmpty else {
      return fail(.timers, "\(name) asked for a session timer, and got none")
    }
    let words = message.text(message.sessionExpires).split(separator: ";")
    let seconds = words.first.flatMap { Int($0) } ?? 0
    let refresher = words.dropFirst().first.map { String($0.dropFirst("refresher=".count)) } ?? ""
    if seconds > asked.seconds || seconds < 90 {
      fail(.timers, "\(name) asked for \(asked.seconds) s, and got \(seconds)")
    }
    if refresher != "uac" && refresher != "uas"
      || (!asked.refresher.isEmpty && refresher != asked.refresher)
    {
      fail(.timers, "\(name) asked for refresher \(asked.refresher), and got \(refresher)")
    }
  }

  // MARK: keys

  /// A key by INFO from one of two who talk with one another, from phone to phone.
  func keysDelivered(_ message: SipText) {
    infoExpected = nil
    guard checksKeys, message.method == .info, infosSeen.insert(message.branch).inserted,
      !screens, !hostInterferes, !streamsFailed
    else { return }
    let caller: Int
    if let index = callerIndex[message.callID] {
      caller = index
    } else if let leg = legIndex[message.callID] {
      caller = legs[leg].caller
    } else {
      return
    }
    guard let sid = callers[caller].winner, let leg = legOfSid[sid], legs[leg].bye == nil,
      callers[caller].left == nil, !callers[caller].byeSent, callers[caller].isAcknowledged,
      let answered = callers[caller].answered, now - answered > .seconds(1),
      events[sid]?.told.last?.event == .answered, !legs[leg].isLost
    else { return }
    let isFromCaller = callers[caller].callID == message.callID
    guard isFromCaller || legs[leg].callID == message.callID else { return }
    // Whether it ends the Dial is for the document to say.
    if isFromCaller, message.text(message.body).hasPrefix("Signal=*") { return }
    let other = isFromCaller ? legs[leg].callID : callers[caller].callID
    // Where media comes by here, a key is played as RTP (U-62).
    guard !isShownOurs(other) else { return }
    infoExpected = (other, Array(message.bytes[message.body]), callers[caller].name)
  }

  /// What this party was shown last are streams of ours.
  private func isShownOurs(_ callID: [UInt8]) -> Bool {
    (sessions.tags[callID] ?? []).contains {
      sessions.dialogs[callID + $0]?.ours?.host == World.agentHost
    }
  }

  func keysSent(_ message: SipText) {
    // It was not taken.
    if message.method == nil, message.sequenceMethod == .info, message.code >= 300 {
      infoExpected = nil
    }
    guard let expected = infoExpected, message.method == .info, message.callID == expected.callID,
      message.bytes[message.body].elementsEqual(expected.body)
    else { return }
    infoExpected = nil
  }

  /// Whoever is told a key may have to be connected to first; that may fail.
  package func connectionAsked() {
    infoExpected = nil
    sessions.waited = true
  }

  /// As RTP, because media comes by here.
  package func keysPlayed() { infoExpected = nil }

  func keysSettled() {
    guard let expected = infoExpected else { return }
    infoExpected = nil
    fail(.keysPassedOn, "a key by INFO in the call of \(expected.name) was passed on to nobody")
  }

  // MARK: tries of a callback

  /// An exchange is over; `isFailure`: it is to be tried again.
  func tried(_ id: UInt64, isFailure: Bool) {
    guard let key = callbackExchanges.removeValue(forKey: id) else { return }
    callbackFailed[key] = isFailure ? now : nil
  }

  func trying(_ id: UInt64, _ exchange: HTTPExchange) {
    guard checksSessions, exchange.url.hasPrefix("http://web.example/status/"),
      let line = exchange.headers.first(where: {
        $0.name.elementsEqual("Idempotency-Key".utf8)
      })
    else { return }
    let key = String(decoding: line.value, as: UTF8.self)
    callbackExchanges[id] = key
    let tries = callbackTries[key, default: 0]
    let failed = callbackFailed[key]
    // Where a redirect points is asked within the same try.
    if tries == 0 || failed != nil { callbackTries[key] = tries + 1 }
    guard tries > 0, let failed, !mayDeny else { return }
    let wanted = Interval.milliseconds(500 << (tries - 1))
    if now - failed != wanted {
      fail(
        .pauses,
        "try \(tries + 1) of a callback came after \((now - failed).wholeMilliseconds) ms, "
          + "not \(wanted.wholeMilliseconds)")
    }
  }
}
