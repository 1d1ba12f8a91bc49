import RCMLBasics
import RCMLDocument

/// One Dial from its verb to what follows it (spec §5.3, §5.4).
extension CallMachine {
  func start(_ verb: Dial) {
    countDial()
    let targets = targets(of: verb)
    let invite = facts.caller.invite
    let isHopLimit = facts.caller.direction == .inbound && invite.maxForwards <= 1
    if isHopLimit {
      outbox.warn(.hopLimit, "Nobody is dialled: the caller's Max-Forwards is used up.")
    }
    if verb.record != .none, !policy.records {
      outbox.warn(.noRecorder, "This Dial is not recorded: there is no recorder.")
    }
    let media = LegMedia(of: verb, targets, isRecorded: verb.record != .none && policy.records)
    if media == .spoken, !isHopLimit, !invite.offersSpeech, policy.hearsMedia,
      caller.isWaiting
    {
      return refuseCaller()  // L-49
    }
    let run = DialRun(
      verb, ordinal: dialCount, targets: targets, media: media, isHopLimit: isHopLimit,
      firstAnswerWins: policy.firstAnswerWins)
    begin(run)
    if dialCount > policy.maxDials { run.ends(because: Reason(.tooManyDials)) }
    let answersFirst = !(verb.answerOnBridge ?? policy.answersOnBridge)
    guard answersFirst, run.canDial, caller.isWaiting else { return beginRace() }
    run.awaitAnswer()
    caller.handle(.answerNeeded(with: nil))  // L-3
  }

  private func targets(of verb: Dial) -> [Target] {
    var targets = verb.targets
    // Nothing is copied where nothing goes.
    if !policy.asksNouns, targets.contains(where: \.isNoun) {
      targets = targets.compactMap { target in
        guard case .noun(let noun) = target else { return target }
        if let dialled = noun.dialled { return .sip(dialled) }  // D-30
        outbox.warn(
          .unsupportedNoun,
          "<\(noun.name)> is not dialled: nothing here knows how; the other targets are.",
          line: noun.line, column: noun.column)
        return nil
      }
    }
    guard dialCount > policy.maxDials else { return targets }
    outbox.warn(
      .tooManyDials, "This Dial is not run: a call may run \(policy.maxDials).")
    return []
  }

  func beginRace() {
    guard let dial else { return }
    dial.beginRace()
    if dial.canDial {
      letCallerHear(dial)
      startRecording(with: nil)
    }
    stepDial(.begun)
  }

  /// L-2, L-35.
  private func letCallerHear(_ dial: DialRun) {
    let verb = dial.verb
    if verb.answerOnBridge ?? policy.answersOnBridge, policy.ringingMode == .immediate {
      caller.handle(.somethingRings(code: 180, earlyMediaOf: nil))
    }
    guard caller.state == .answered else { return }
    let tone = verb.ringTone ?? policy.ringTone
    dial.beginRingback(
      outbox.perform(.ringing(music: verb.dialMusic, tone: tone), on: .caller, of: script.origin))
  }

  /// Every input of the race goes through here: its effects, and what they mean for caller and legs.
  func stepDial(_ input: DialMachine.Input) {
    for effect in dial?.handle(input, at: now) ?? [] {
      switch effect {
      case .start(let target): startTarget(target)
      case .screen(let target):
        if let leg = leg(ofTarget: target) { startScreening(leg) }
      case .connect(let target):
        if let leg = leg(ofTarget: target) { connect(leg) }
      case .giveUp(let party, let why): endLegs(party, why)
      case .over: schedule(.finishDial)
      }
    }
  }

  private func leg(ofTarget target: Int) -> CallLeg? {
    dial.flatMap { legs.leg(of: $0.ordinal, target: target) }
  }

  /// F-5, F-11: the losers were told before; nobody waits for them.
  private func connect(_ leg: CallLeg) {
    stopRingback()
    guard caller.isWaiting else { return bridge(leg.number) }
    dial?.connect(leg.number)
    caller.handle(.answerNeeded(with: leg.number))
  }

  /// L-25.
  func bridge(_ number: LegNumber) {
    guard let dial, let leg = legs[number] else { return }
    dial.bridge(number, at: now)
    outbox.append(.bridge(withholdsStar: dial.verb.hangupOnStar), of: number)
    startRecording(with: number)
    if dial.verb.referURL != nil { outbox.append(.allowTransfer, of: number) }
    stepLeg(leg, .bridged)
  }

  /// E-6.
  func warnCaller() { dial?.beginWarning(outbox.perform(.warning, on: .caller, of: .inside)) }

  /// U-27.
  func loseMedia(of party: Party) {
    guard let winner = dial?.winner, party == .caller || party == .leg(winner) else { return }
    stepDial(.mediaLost)
  }

  func stopRingback() {
    if let ringback = dial?.endRingback() { outbox.stopPerforming(ringback) }
  }

  /// The host's word, or what follows from it: its legs are given up.
  func endDial(because reason: Reason) {
    dial?.ends(because: reason)
    stepDial(.hostEnded)
  }

  private func endLegs(_ party: DialMachine.Effect.Party, _ why: LegEndReason) {
    guard let ordinal = dial?.ordinal else { return }
    for leg in legs.all where leg.dial == ordinal {
      let isMeant =
        switch party {
        case .all: true
        case .allExcept(let target): leg.targetIndex != target
        case .only(let target): leg.targetIndex == target
        case .unanswered: leg.machine.state == .calling || leg.machine.state == .ringing
        }
      guard isMeant, leg.isAlive else { continue }
      leg.setReasons(why.reasons(ofCaller: caller.reasons))
      if let reason = dial?.endReason { leg.remember(reason) }
      stepLeg(leg, .givenUp(why))
    }
    for target in dial?.dropQuestions(about: party) ?? [] {
      // The race is decided, or ringing is over: they are not dialled any more.
      stepDial(.out(target))
      stepDial(.ended(target))
    }
  }

  // MARK: - The end

  /// L-40: the result is computed once, and the call goes on, or does not.
  func finishDial() {
    guard let ended = dial else { return }
    stopRingback()
    if let warning = ended.endWarning() { outbox.stopPerforming(warning) }
    dropRecording(of: ended)
    let outcome = DialOutcome(ended, legs: legs.all, policy: policy, now: now)
    forgetDial()
    script.stopWaiting()
    caller.setResponse(ofDial: outcome)
    outbox.report(.dialEnded(outcome.result))
    if let document = unqueueDocument() {
      // L-39: the action is not requested.
      if caller.isAlive { begin(document) }
      return
    }
    endCall(with: ended, outcome)
    guard caller.state != .refused else { return }  // L-49
    guard let action = ended.verb.action else {
      if caller.isAlive { schedule(.runDocument) }
      return
    }
    let number = requestAction(action, ended.verb.method, outcome)
    if caller.isAlive {
      script.wait(for: .document(number, .action), asking: action)
    } else {
      unfinished.abandon(number, asking: action)  // L-47: its reply is ignored
    }
  }

  /// Where the call ends with its Dial.
  private func endCall(with dial: DialRun, _ outcome: DialOutcome) {
    if let side = dial.callEndsBy {
      caller.endCall(
        side == .host ? FinalResponse(480) : outcome.response, by: side,
        because: dial.endReason ?? Reason(.callEnded))
    } else if policy.hangsUpAfterBridge, outcome.result.bridged,
      outcome.result.hangupBy == .callee
    {
      // L-44, U-63
      caller.endCall(
        outcome.response, reasons: outcome.reasons, by: .callee, because: Reason(.calleeHungUp))
    }
  }

  private func requestAction(
    _ url: String, _ method: HTTPMethod, _ outcome: DialOutcome
  ) -> RequestNumber {
    let headers = outbox.headerParameters("DialSipHeader_", from: outcome.headers)
    let extra = DialParameters.make(
      outcome.result, sipCallID: outcome.sipCallID, headers: headers, legs: outcome.legs,
      policy: policy)
    return caller.request(
      Interpreter.Fetch(
        purpose: .action, url: url, method: method, extra: extra, origin: script.origin,
        reason: outcome.result.reason))
  }
}
