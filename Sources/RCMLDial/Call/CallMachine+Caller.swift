import RCMLBasics
import RCMLDocument

/// What happens to the caller, and what it means for the document that runs on it.
extension CallMachine {
  func handleCaller(_ input: CallerInput) {
    switch input {
    case .cancelled(let reasons):
      if caller.depart(by: .cancelled, reasons: reasons) {
        stopDocument(.callerGone, hasLeft: true)
      }
    case .hungUp(let reasons):
      if caller.depart(by: .hungUp, reasons: reasons) { stopDocument(.callerGone, hasLeft: true) }
    case .lost(let reason):
      if caller.depart(by: .hungUp, reasons: [], because: reason) {
        stopDocument(.callerGone, hasLeft: true)
      }
    case .answered: finishAnswer()
    case .mediaRefused: refuseCaller()
    case .mediaUnavailable: endCallWithoutMedia()
    case .failed(let code, let reason): failCaller(code, reason)
    case .acknowledgementMissing:
      guard caller.state == .answered else { return }  // L-38
      caller.endCall(FinalResponse(480), by: .engine, because: Reason(.acknowledgementMissing))
      stopDocument(.acknowledgementMissing)
    }
  }

  /// Our 200 is out, and what waited for it follows; or the party we called for the host has taken our call.
  private func finishAnswer() {
    let wasCalled = caller.state == .calling
    caller.handle(.answered)
    guard caller.state == .answered else { return }
    if wasCalled {
      if let document = unqueueDocument() { begin(document) }
      return
    }
    if case .answer(let performance) = script.waiting { performOnCaller(performance) }
    switch dial?.progress {
    case .awaitingAnswer: beginRace()
    case .connecting(let leg): bridge(leg)
    case .racing, .bridged, nil: break
    }
  }

  /// L-49: nothing else runs, not even what L-47 still asks for.
  func refuseCaller() {
    guard caller.isWaiting else { return }
    caller.refuseOffer()
    if dial?.progress == .awaitingAnswer { forgetDial() }  // it was never begun
    stopDocument(.callEnded)
  }

  /// Rather no call than one that goes another way than it was to go: legs that were to be dialled are not.
  private func endCallWithoutMedia() {
    guard caller.isAlive else { return }
    caller.endCall(CallerLeg.noMedia, by: .engine, because: Reason(.noMediaPort))
    if dial?.progress == .awaitingAnswer { forgetDial() }  // it was never begun
    stopDocument(.callEnded)
  }

  /// The party we called; or a caller who never acknowledged our ringing (U-21).
  private func failCaller(_ code: UInt16?, _ reason: Reason) {
    guard caller.state != .calling else { return caller.failToAnswer(code, reason) }
    guard caller.isAlive else { return }
    caller.failToAcknowledge(code, reason)
    stopDocument(.callerGone)
  }

  func endCallForHost(because reason: Reason) { endCall(by: .host, because: reason) }

  /// Y-11.
  func endCallThatLasts() {
    limits.endHasCome()
    guard caller.isAlive else { return }
    outbox.report(.limitReached(.callDuration))
    outbox.warn(
      .callTooLong,
      "The call is ended: it has lasted max_call_duration (\(policy.maxDuration.wholeSeconds) s).")
    endCall(by: .engine, because: Reason(.callTooLong), keepsRecord: true)
  }

  /// `keepsRecord`: what a Record has taken so far is asked for as if its party had left (V-15). A host that ends a call knows
  /// itself what it wants of it.
  private func endCall(by side: HangupSide, because reason: Reason, keepsRecord: Bool = false) {
    guard caller.isAlive else { return }
    if let dial {
      // L-39: the legs first; the action is still requested, its reply ignored.
      dial.endCallWithIt(by: side)
      return endDial(because: reason)
    }
    caller.endCall(FinalResponse(480), by: side, because: reason)
    stopDocument(.hostEnded, hasLeft: keepsRecord)
  }

  /// Stops whatever runs on the caller. A Dial's action is not aborted (H-25, L-47): its reply is ignored.
  func stopDocument(_ why: LegEndReason, hasLeft: Bool = false) {
    if let dial {
      if let reason = caller.end?.reason { dial.ends(because: reason) }
      return stepDial(CallMachine.dialInput(for: why))
    }
    switch script.waiting {
    case .document(let number, .action):
      unfinished.abandon(number, asking: script.askedURL)
    case .document(let number, .voice), .document(let number, .screening),
      .document(let number, .gather), .document(let number, .record),
      .document(let number, .redirect), .document(let number, .refer),
      .document(let number, .verb):
      outbox.cancelFetch(number)
    case .performance(let number, let performance):
      outbox.stopPerforming(number)
      if hasLeft, case .record(let record) = performance {
        unfinished.interrupt(script.interrupted(record), performedAs: number)
      }
    case .nothing, .answer, .pause, .verb, .dial:
      break
    }
    script.stopWaiting()
  }

  private static func dialInput(for why: LegEndReason) -> DialMachine.Input {
    switch why {
    case .callerGone: .callerGone
    case .acknowledgementMissing: .acknowledgementMissing
    case .callEnded: .callEnds
    case .lostRace, .ringTimeout, .hostEnded, .timeLimit, .star, .stopCode, .mediaLost: .hostEnded
    }
  }
}
