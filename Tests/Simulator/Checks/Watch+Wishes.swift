import RCMLBasics

/// What a caller wants of its answer (U-57) and how long it waits for it (U-61), and what it hears of a called party that
/// hung up (U-63).
extension Watch {
  /// The INVITE was received for the first time: its time runs.
  func beginWaiting(_ index: Int) {
    guard callers[index].expiry == nil, let invite = current, invite.method == .invite,
      invite.branch == callers[index].branch, let seconds = invite.expires, seconds <= 3_600
    else { return }
    callers[index].expiry = now + .seconds(seconds)
  }

  /// Who waits no longer has left. What came at that very instant came first.
  func lapse(_ index: Int) {
    guard let expiry = callers[index].expiry, expiry < now, callers[index].finals.isEmpty,
      callers[index].left == nil, !mayBeAccepted(index)
    else { return }
    callers[index].left = expiry
  }

  /// Accepted is not ringing; whether it was, is not seen from outside where a PRACK or a stream is waited for.
  private func mayBeAccepted(_ index: Int) -> Bool {
    callers[index].reliableAnswer != nil || answersMayWait
  }

  /// A final response to a caller who is still there.
  func checkTerminated(_ message: SipText, _ index: Int) {
    guard message.code == 487, callers[index].left == nil else { return }
    guard let expiry = callers[index].expiry, expiry <= now else {
      return fail(.expiry, "\(callers[index].name) waits, and got 487")
    }
    if now > expiry, !callers[index].isStream {
      fail(.expiry, "\(callers[index].name) got 487 after its time, not with it")
    }
    callers[index].left = now
  }

  func checkAccepted(_ message: SipText, _ index: Int) {
    guard callers[index].takesNoDescription, message.code != 406 else { return }
    fail(.acceptance, "\(callers[index].name) takes no description, and got \(message.code)")
  }

  /// The Reason of a BYE to a caller is a called party's, or the engine's own word for what went wrong (M-32).
  func checkReasons(_ message: SipText, _ index: Int) {
    let said = message.reasons.map { message.text($0) }
    let own = legs.filter { $0.caller == index }
    for reason in said where !reason.hasPrefix("SIP;cause=500") {
      guard !own.contains(where: { $0.reasons.contains(reason) }) else { continue }
      fail(.calleeReasons, "\(callers[index].name) is told \(reason), which nobody said")
    }
    // Where nothing is done after the Dial, its end is the call's.
    guard isPlain, !hostInterferes, !streamsFailed, !answersMayWait, callers[index].left == nil,
      let sid = callers[index].winner ?? callers[index].lastWinner, let leg = legOfSid[sid],
      legs[leg].hungUpFirst
    else { return }
    if said != legs[leg].reasons {
      fail(.calleeReasons, "\(legs[leg].target) hung up with \(legs[leg].reasons), not \(said)")
    }
  }
}
