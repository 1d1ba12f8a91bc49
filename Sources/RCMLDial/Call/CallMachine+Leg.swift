import RCMLBasics
import RCMLDocument

/// The legs: how they begin, what happens to them, and what the world is told (spec §5.2, §9).
extension CallMachine {
  func startLeg(_ target: Int, _ noun: SipNoun) {
    guard let dial else { return }
    let canBeSent = noun.invalid == nil && !dial.isHopLimit
    // The host's own parties are no INVITEs.
    let needsBreadth = canBeSent && noun.hostMedia == nil
    let breadth = needsBreadth ? shareOfBreadth(for: dial) : 0
    let isTooBroad = needsBreadth && breadth == 0
    let leg = makeLeg(dial, target, noun, canBeSent: canBeSent && !isTooBroad, breadth: breadth)
    legs.add(leg)
    if canBeSent, !isTooBroad { script.worked() }
    if isTooBroad {
      outbox.report(.limitReached(.breadth))
      outbox.warn(
        .breadthLimit, "A target was not dialled: the caller's Max-Breadth is used up.")
    }
    stepLeg(leg, isTooBroad ? .tooBroad : canBeSent ? .begun : .unsendable)
  }

  /// RFC 5393 §5.3.3: what the caller's INVITE leaves is divided among the legs that may run at once, those of earlier
  /// Dials included. One that is given up gives its share back.
  private func shareOfBreadth(for dial: DialRun) -> UInt8 {
    let limit = min(policy.maxBreadth, facts.caller.invite.maxBreadth ?? policy.maxBreadth)
    var left = Int(limit)
    var begun = 0
    for leg in legs.all {
      if leg.isAlive { left -= Int(leg.request.maxBreadth) }
      if leg.dial == dial.ordinal { begun += 1 }
    }
    guard left > 0 else { return 0 }
    let waiting = dial.verb.sequential ? 1 : max(1, dial.targets.count - begun)
    return UInt8(clamping: max(1, left / waiting))
  }

  private func makeLeg(
    _ dial: DialRun, _ target: Int, _ noun: SipNoun, canBeSent: Bool, breadth: UInt8
  ) -> CallLeg {
    let caller = facts.caller
    let sid = outbox.makeCallSid()
    let callID = outbox.makeCallID()
    let identity = LegIdentity(dial.verb.callerID, of: caller)
    let request = LegRequest(
      sid: sid, parentSid: caller.sid, targetIndex: target, target: noun,
      callerID: dial.verb.callerID, sipCallID: callID, from: identity,
      headers: policy.identityHeaders(sid: sid, parent: caller.sid, and: noun.headers),
      maxForwards: min(70, max(caller.invite.maxForwards, 2) - 1), media: dial.media,
      origin: script.origin, maxBreadth: breadth)
    var voice = VoiceParameters(
      sid: sid, from: policy.addressFormat.shown(identity), to: policy.addressFormat.shown(noun),
      direction: "outbound-dial", startedAt: outbox.wallTime)
    voice.callerName = caller.callerName
    voice.parentSid = caller.sid
    voice.sipCallID = canBeSent ? String(decoding: callID, as: UTF8.self) : ""
    return CallLeg(
      outbox.makeLegNumber(), dial: dial.ordinal, request: request, voice: voice,
      limits: policy.limits(of: noun))
  }

  // MARK: - What happens to a leg

  func handleLeg(_ number: LegNumber, _ input: LegInput) {
    guard let leg = legs[number] else { return }
    switch input {
    case .provisional(let code, let hasMedia): ring(leg, code, hasMedia: hasMedia)
    case .answered(let problem, let headers):
      if let problem { leg.remember(problem) }
      answer(leg, isUsable: problem == nil, headers)
    case .rejected(let code, let phrase, let reasons, let headers, let reason):
      leg.rememberRejection(phrase, reasons, headers, reason)
      stepLeg(leg, .rejected(code: code))
    case .failed(let reason):
      leg.remember(reason)
      stepLeg(leg, .failed)
    case .lost(let reason):
      leg.remember(reason)
      stepLeg(leg, .hungUp)
    case .hungUp(let reasons, let headers):
      leg.rememberBye(reasons, headers)
      stepLeg(leg, .hungUp)
    case .referred(let target): transferCaller(by: leg, to: target)
    case .ended: stepLeg(leg, .vanished)
    }
  }

  private func isOfCurrentDial(_ leg: CallLeg) -> Bool { leg.dial == dial?.ordinal }

  private func ring(_ leg: CallLeg, _ code: UInt16, hasMedia: Bool) {
    stepLeg(leg, .provisional(code: code))
    let state = leg.machine.state
    guard state == .calling || state == .ringing, isOfCurrentDial(leg) else { return }
    if hasMedia, connectsEarlyMedia(of: leg) {
      dial?.carryEarlyMedia(of: leg.number)
      guard caller.state != .answered else {
        stopRingback()
        return outbox.append(.passEarlyMedia, of: leg.number)
      }
      caller.handle(.somethingRings(code: 183, earlyMediaOf: leg.number))
    } else if policy.ringingMode == .onRinging, (180..<190).contains(code) {
      caller.handle(.somethingRings(code: 180, earlyMediaOf: nil))
    }
  }

  /// U-20.
  private func connectsEarlyMedia(of leg: CallLeg) -> Bool {
    guard let dial, leg.noun.url == nil, leg.noun.digits.isEmpty, dial.verb.dialMusic == nil else {
      return false
    }
    switch policy.earlyMedia {
    case .never: return false
    case .single: return dial.targets.count == 1
    case .always: return dial.mayCarryEarlyMedia(of: leg.number)
    }
  }

  private func answer(_ leg: CallLeg, isUsable: Bool, _ headers: [HeaderLine]) {
    leg.rememberAnswer(headers)
    let isScreened = leg.noun.url != nil
    let hasDigits = !leg.noun.digits.isEmpty
    if policy.ringingMode == .onRinging, isScreened || hasDigits, isUsable, isOfCurrentDial(leg),
      leg.isAlive
    {
      caller.handle(.somethingRings(code: 180, earlyMediaOf: nil))  // L-2
    }
    stepLeg(leg, .answered(isUsable: isUsable, isScreened: isScreened, hasDigits: hasDigits))
  }

  /// Every input of a leg goes through here: its effects, then what they mean for the Dial.
  func stepLeg(_ leg: CallLeg, _ input: LegMachine.Input) {
    let before = leg.machine.state
    let wasAlive = leg.isAlive
    let effects = leg.handle(input, at: now)
    let after = leg.machine.state
    if before == .bridged, after != .bridged {
      outbox.append(.unbridge, of: leg.number)
      endRecording(of: leg)
    }
    if before == .screening, after != .screening {
      stopScreening(leg, hasLeft: after == .ended || after == .gone)
    }
    if before == .sendingDigits, after != .sendingDigits, let digits = leg.endDigits() {
      outbox.stopPerforming(digits)
    }
    for effect in effects {
      switch effect {
      case .sendDigits: sendDigits(to: leg)
      case .event(let event): report(event, of: leg)
      case .start: outbox.append(.start(leg.request), of: leg.number)
      case .cancel: outbox.append(.cancel(reasons: leg.reasons), of: leg.number)
      case .hangUp: hangUp(leg, wasScreened: before == .screening)
      }
    }
    guard isOfCurrentDial(leg) else { return }
    stepDial(after: input, of: leg, wasAlive: wasAlive, before: before, after: after)
    if effects.contains(.event(.completed)), isOfCurrentDial(leg) {
      stepDial(.ended(leg.targetIndex))
    }
  }

  private func stepDial(
    after input: LegMachine.Input, of leg: CallLeg, wasAlive: Bool, before: LegMachine.State,
    after: LegMachine.State
  ) {
    if after == .sendingDigits, before != .sendingDigits { stepDial(.sendsDigits(leg.targetIndex)) }
    if after == .screening, before != .screening {
      stepDial(.answered(leg.targetIndex, isScreened: true))
    }
    if after == .accepted, before != .accepted { stepDial(.accepted(leg.targetIndex)) }
    guard !leg.isAlive, wasAlive || before == .created else { return }
    if case .rejected(let code) = input, dial?.verb.stopOn.contains(code) ?? false {
      stepDial(.stopCode)  // E-5
    }
    if before == .screening, leg.machine.endReason == nil, policy.screeningRejectEnds == .call {
      if let reason = leg.reason { dial?.ends(because: reason) }
      dial?.endCallWithIt(by: leg.machine.hangupBy ?? .engine)
      stepDial(.callEnds)  // C-13
    }
    stepDial(.out(leg.targetIndex))
  }

  /// D-27: after the answer, before anything else is said or heard.
  private func sendDigits(to leg: CallLeg) {
    var play = Play(url: nil)
    play.digits = leg.noun.digits
    leg.beginDigits(outbox.perform(.play(play), on: .leg(leg.number), of: leg.origin))
  }

  /// False: they were no digits of a leg.
  func finishDigits(_ number: PerformanceNumber, _ outcome: Performed) -> Bool {
    guard let leg = legs.all.first(where: { $0.finishDigits(number) }) else { return false }
    if outcome != .finished {
      outbox.warn(
        .noDigits, "The digits of a target were not sent: nobody here can press keys.",
        line: leg.noun.line, column: leg.noun.column)
    }
    stepLeg(leg, .digitsSent(isScreened: leg.noun.url != nil))
    return true
  }

  /// C-17: who lost while it was screened may be told why.
  private func hangUp(_ leg: CallLeg, wasScreened: Bool) {
    guard wasScreened, leg.machine.endReason == .lostRace, !policy.lostRacePrompt.isEmpty else {
      return outbox.append(.hangUp(reasons: leg.reasons), of: leg.number)
    }
    leg.beginFarewell(
      outbox.perform(.farewell(url: policy.lostRacePrompt), on: .leg(leg.number), of: .inside))
  }

  // MARK: - Status callbacks

  private func report(_ event: SipNoun.Event, of leg: CallLeg) {
    let machine = leg.machine
    let isLast = event == .completed
    let state: CallStatus =
      switch event {
      case .initiated: .initiated
      case .ringing: .ringing
      case .answered: .inProgress
      case .completed: machine.finalStatus
      }
    let status = LegStatus(
      event: event, sid: leg.request.sid, to: leg.voice.to, status: state, instant: now,
      sipCode: isLast ? machine.code : nil, duration: isLast ? machine.duration(at: now) : 0,
      hangupBy: isLast && machine.wasAnswered ? machine.hangupBy : nil,
      reason: isLast ? leg.reason : nil)
    var callback: StatusCallback?
    if let url = leg.noun.statusCallback, leg.noun.statusCallbackEvents.contains(event) {
      let count = leg.countCallback()
      let number = policy.numbering == .fixed ? StatusParameters.fixedNumber(of: event) : count
      callback = StatusCallback(
        url: url, method: leg.noun.statusCallbackMethod.rawValue,
        parameters: StatusParameters.make(
          status, voice: leg.voice, number: number, wall: outbox.wall, policy: policy,
          recording: leg.recording, isError: isLast && machine.dialStatus == .failed),
        origin: leg.origin)
      callback?.reason = status.reason
    }
    outbox.report(.leg(leg.number, status, callback: callback))
  }
}
