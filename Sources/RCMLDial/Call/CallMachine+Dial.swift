import RCMLBasics
import RCMLDocument

/// One Dial from its verb to what follows it (spec §5.3, §5.4).
extension CallMachine {
  mutating func start(_ verb: Dial) {
    dialCount += 1
    var targets: [Target] = []
    for target in verb.targets {
      switch target {
      case .sip: targets.append(target)
      case .noun(let noun):
        guard !policy.asksNouns else {
          targets.append(target)
          continue
        }
        warn(
          .unsupportedNoun,
          "<\(noun.name)> is not dialled: nothing here knows how; the other targets are (D-22).",
          line: noun.line, column: noun.column)
      }
    }
    if dialCount > policy.maxDials {
      warn(.tooManyDials, "This Dial is not run: a call may run \(policy.maxDials) (Y-2).")
      targets = []
    }
    let isHopLimit = caller.direction == .inbound && caller.maxForwards <= 1
    if isHopLimit {
      warn(.hopLimit, "Nobody is dialled: the caller's Max-Forwards is used up (U-6).")
    }
    if verb.record != .none, !policy.records {
      warn(.noRecorder, "This Dial is not recorded: there is no recorder (R-1).")
    }
    let media = media(of: verb, targets)
    if media == .spoken, !isHopLimit, callerLeg.isWaiting, !caller.offersSpeech, policy.hearsMedia {
      script.waiting = .nothing
      return refuseMedia()
    }
    dial = RunningDial(
      ordinal: dialCount, dial: verb, targets: targets, media: media,
      isHopLimit: isHopLimit,
      machine: DialMachine(
        verb, delays: targets.map(\.delay), firstAnswerWins: policy.firstAnswerWins))
    let answersFirst = !(verb.answerOnBridge ?? policy.answersOnBridge)
    guard answersFirst, callerLeg.isWaiting, !targets.isEmpty, !isHopLimit else {
      return beginDial()
    }
    dial?.progress = .awaitingAnswer
    tellCaller(.answerNeeded(with: nil))  // L-3
  }

  mutating func beginDial() {
    guard let running = dial else { return }
    dial?.progress = .racing
    if !running.targets.isEmpty, !running.isHopLimit {
      letCallerHear(running.dial)
      startRecording(with: nil)
    }
    tellDial(.begun)
  }

  private func media(of verb: Dial, _ targets: [Target]) -> LegMedia {
    let isScreened = targets.contains { target in
      switch target {
      case .sip(let noun): noun.url != nil
      case .noun(let noun): noun.attributes.contains { $0.name == "url" }
      }
    }
    if isScreened || (verb.record != .none && policy.records) { return .spoken }
    // A noun may turn out to be a party that speaks in frames, when a phone beside it has been called already.
    let mayMix =
      targets.count > 1
      && targets.contains { if case .noun = $0 { true } else { false } }
    return verb.hangupOnStar || verb.warning != nil || mayMix ? .relayed : .any
  }

  /// L-2, L-35.
  private mutating func letCallerHear(_ verb: Dial) {
    if policy.ringingMode == .immediate {
      tellCaller(.somethingRings(code: 180, earlyMediaOf: nil))
    }
    guard callerLeg.state == .answered else { return }
    let tone = verb.ringTone ?? policy.ringTone
    let ringback = perform(.ringing(music: verb.dialMusic, tone: tone), on: .caller)
    dial?.ringback = ringback
  }

  mutating func tellDial(_ input: DialMachine.Input) {
    for effect in dial?.machine.handle(input, at: now) ?? [] {
      switch effect {
      case .start(let target): startTarget(target)
      case .screen(let target):
        if let index = legIndex(ofTarget: target) { startScreening(index) }
      case .connect(let target): connect(target)
      case .giveUp(let party, let why): giveUp(party, why)
      case .over: agenda.append(.dialOver)
      }
    }
  }

  func legIndex(ofTarget target: Int) -> Int? {
    legs.firstIndex { $0.dial == dial?.ordinal && $0.targetIndex == target }
  }

  /// F-5, F-11: the losers were told before; nobody waits for them.
  private mutating func connect(_ target: Int) {
    guard let index = legIndex(ofTarget: target) else { return }
    let leg = legs[index].number
    stopRingback()
    guard callerLeg.isWaiting else { return bridge(leg) }
    dial?.progress = .connecting(leg)
    tellCaller(.answerNeeded(with: leg))
  }

  /// L-25.
  mutating func bridge(_ leg: LegNumber) {
    guard let index = index(of: leg) else { return }
    dial?.progress = .bridged(leg)
    out.append(.leg(leg, .bridge(withholdsStar: dial?.dial.hangupOnStar ?? false)))
    startRecording(with: leg)
    if let verb = dial?.dial, let warning = verb.warning, warning < verb.timeLimit {
      let before = verb.timeLimit.nanoseconds - warning.nanoseconds
      dial?.warnAt = now + Interval(nanoseconds: before)
    }
    if dial?.dial.referURL != nil { out.append(.leg(leg, .allowTransfer)) }
    tellLeg(index, .bridged)
  }

  /// E-6.
  mutating func warnCaller() {
    dial?.warnAt = nil
    let number = perform(.warning, on: .caller)
    dial?.warning = number
  }

  /// U-27.
  mutating func mediaLost(_ party: Party) {
    guard let winner = dial?.winner, party == .caller || party == .leg(winner) else { return }
    tellDial(.mediaLost)
  }

  mutating func stopRingback() {
    guard let ringback = dial?.ringback else { return }
    dial?.ringback = nil
    out.append(.media(.stopPerforming(ringback)))
  }

  private mutating func giveUp(_ party: DialMachine.Effect.Party, _ why: GivingUp) {
    guard let ordinal = dial?.ordinal else { return }
    for index in legs.indices where legs[index].dial == ordinal {
      let leg = legs[index]
      let isMeant =
        switch party {
        case .all: true
        case .allExcept(let target): leg.targetIndex != target
        case .only(let target): leg.targetIndex == target
        case .unanswered: leg.machine.state == .calling || leg.machine.state == .ringing
        }
      guard isMeant, leg.machine.isAlive else { continue }
      legs[index].reasons = why.reasons(ofCaller: callerReasons)
      tellLeg(index, .givenUp(why))
    }
    dropQuestions(party)
  }

  // MARK: - The end

  /// L-40: the result is computed once, and the call goes on, or does not.
  mutating func dialOver() {
    guard let ended = dial else { return }
    stopRingback()
    if let warning = ended.warning { out.append(.media(.stopPerforming(warning))) }
    dropRecording(of: ended)
    let outcome = DialOutcome(ended, legs: legs, policy: policy, now: now)
    dial = nil
    script.waiting = .nothing
    lastResponse = outcome.response
    out.append(.tell(.dialEnded(outcome.result)))
    if let source = successor {
      // L-39: the action is not requested.
      successor = nil
      guard callerLeg.isAlive else { return }
      return begin(source)
    }
    endCallIfItEndsWithDial(outcome)
    guard callerLeg.state != .refused else { return }  // L-49
    guard let action = ended.dial.action else {
      if callerLeg.isAlive { agenda.append(.runDocument) }
      return
    }
    let number = requestAction(action, ended.dial.method, outcome)
    if callerLeg.isAlive {
      script.waiting = .document(number, .action)
    } else {
      farewells.insert(number)  // L-47: its reply is ignored
    }
  }

  private mutating func endCallIfItEndsWithDial(_ outcome: DialOutcome) {
    if let side = endsWithDial {
      endsWithDial = nil
      let isByHost = side == .host
      endCaller(isByHost ? FinalResponse(480) : outcome.response, reasons: [], by: side)
    } else if policy.hangsUpAfterBridge, outcome.result.bridged,
      outcome.result.hangupBy == .callee
    {
      endCaller(outcome.response, reasons: [], by: .callee)  // L-44
    }
  }

  private mutating func requestAction(
    _ url: String, _ method: HTTPMethod, _ outcome: DialOutcome
  ) -> RequestNumber {
    let told = SipHeaderParameters.make(prefix: "DialSipHeader_", from: outcome.headers)
    if told.isCut { warnOfCutHeaders() }
    let extra = DialParameters.make(
      outcome.result, sipCallID: outcome.sipCallID, headers: told.parameters, legs: outcome.legs,
      policy: policy)
    return request(Interpreter.Fetch(purpose: .action, url: url, method: method, extra: extra))
  }
}
