import RCMLBasics
import RCMLDocument

/// The legs: how they begin, what happens to them, and what the world is told (spec §5.2, §9).
extension CallMachine {
  mutating func startLeg(_ target: Int, _ noun: SipNoun) {
    guard let running = dial else { return }
    let canBeSent = noun.invalid == nil && !running.isHopLimit
    let leg = makeLeg(running, target, noun, canBeSent: canBeSent)
    legs.append(leg)
    if canBeSent { script.worked() }
    tellLeg(legs.count - 1, canBeSent ? .begun : .unsendable)
  }

  private mutating func makeLeg(
    _ running: RunningDial, _ target: Int, _ noun: SipNoun, canBeSent: Bool
  ) -> CallLeg {
    let sid = CallSid(from: &random)
    var name = ByteWriter(capacity: 32)
    name.appendHex(random.next())
    name.appendHex(random.next())
    let identity = LegIdentity(running.dial.callerID, of: caller)
    let request = LegRequest(
      sid: sid, parentSid: caller.sid, targetIndex: target, target: noun,
      callerID: running.dial.callerID, sipCallID: name.bytes, from: identity,
      headers: policy.identityHeaders(sid: sid, parent: caller.sid) + noun.headers,
      maxForwards: min(70, max(caller.maxForwards, 2) - 1), media: running.media)
    var voice = VoiceParameters(
      sid: sid, from: policy.addressFormat.shown(identity), to: policy.addressFormat.shown(noun),
      direction: "outbound-dial", timestamp: wall.timestamp(at: now))
    voice.callerName = caller.callerName
    voice.parentSid = caller.sid
    voice.sipCallID = canBeSent ? String(decoding: name.bytes, as: UTF8.self) : ""
    let leg = CallLeg(
      number: LegNumber(nextLeg), dial: running.ordinal, targetIndex: target, noun: noun,
      request: request, machine: LegMachine(policy.limits(of: noun)), voice: voice)
    nextLeg &+= 1
    return leg
  }

  // MARK: - What happens to a leg

  func index(of leg: LegNumber) -> Int? { legs.firstIndex { $0.number == leg } }

  mutating func note(_ leg: LegNumber, _ change: (inout CallLeg) -> Void) {
    guard let index = index(of: leg), legs[index].machine.isAlive else { return }
    change(&legs[index])
  }

  mutating func leave(_ leg: LegNumber, _ input: LegMachine.Input) {
    guard let index = index(of: leg) else { return }
    tellLeg(index, input)
  }

  mutating func provisional(_ leg: LegNumber, _ code: UInt16, _ hasMedia: Bool) {
    guard let index = index(of: leg) else { return }
    tellLeg(index, .provisional(code: code))
    let state = legs[index].machine.state
    guard state == .calling || state == .ringing, legs[index].dial == dial?.ordinal else { return }
    if hasMedia, connectsEarlyMedia(of: legs[index]) {
      dial?.earlyMediaLeg = leg
      guard callerLeg.state != .answered else {
        stopRingback()
        return out.append(.leg(leg, .passEarlyMedia))
      }
      tellCaller(.somethingRings(code: 183, earlyMediaOf: leg))
    } else if policy.ringingMode == .onRinging, (180..<190).contains(code) {
      tellCaller(.somethingRings(code: 180, earlyMediaOf: nil))
    }
  }

  /// U-20.
  private func connectsEarlyMedia(of leg: CallLeg) -> Bool {
    guard let dial, leg.noun.url == nil, dial.dial.dialMusic == nil else { return false }
    switch policy.earlyMedia {
    case .never: return false
    case .single: return dial.targets.count == 1
    case .always: return dial.earlyMediaLeg == nil || dial.earlyMediaLeg == leg.number
    }
  }

  mutating func answered(_ leg: LegNumber, _ isUsable: Bool, _ headers: [HeaderLine]) {
    note(leg) { $0.responseHeaders = headers }
    guard let index = index(of: leg) else { return }
    if policy.ringingMode == .onRinging, legs[index].noun.url != nil, isUsable,
      legs[index].dial == dial?.ordinal, legs[index].machine.isAlive
    {
      tellCaller(.somethingRings(code: 180, earlyMediaOf: nil))  // L-2
    }
    tellLeg(
      index, .answered(isUsable: isUsable, isScreened: legs[index].noun.url != nil))
  }

  /// Every input of a leg goes through here: its effects, then what they mean for the Dial.
  mutating func tellLeg(_ index: Int, _ input: LegMachine.Input) {
    let before = legs[index].machine.state
    let wasAlive = legs[index].machine.isAlive
    let effects = legs[index].machine.handle(input, at: now)
    if legs[index].machine.givenUp == .ringTimeout {
      legs[index].reasons = GivingUp.ringTimeout.reasons(ofCaller: [])  // E-2 has no Dial behind it
    }
    let leg = legs[index]
    let after = leg.machine.state
    if before == .bridged, after != .bridged {
      out.append(.leg(leg.number, .unbridge))
      endRecording(of: leg.number)
    }
    if before == .screening, after != .screening { stopScreening(index, after) }
    for effect in effects {
      switch effect {
      case .event(let event): fire(event, index)
      case .start: out.append(.leg(leg.number, .start(leg.request)))
      case .cancel: out.append(.leg(leg.number, .cancel(reasons: leg.reasons)))
      case .hangUp: hangUp(index, wasScreened: before == .screening)
      }
    }
    guard leg.dial == dial?.ordinal else { return }
    tellDial(of: leg, input, wasAlive: wasAlive, before: before, after: after)
    if effects.contains(.event(.completed)), leg.dial == dial?.ordinal {
      tellDial(.ended(leg.targetIndex))
    }
  }

  private mutating func tellDial(
    of leg: CallLeg, _ input: LegMachine.Input, wasAlive: Bool, before: LegMachine.State,
    after: LegMachine.State
  ) {
    if after == .screening, before != .screening {
      tellDial(.answered(leg.targetIndex, isScreened: true))
    }
    if after == .accepted, before != .accepted { tellDial(.accepted(leg.targetIndex)) }
    guard !leg.machine.isAlive, wasAlive || before == .created else { return }
    if case .rejected(let code) = input, dial?.dial.stopOn.contains(code) ?? false {
      tellDial(.stopCode)  // E-5
    }
    if before == .screening, leg.machine.givenUp == nil, policy.screeningRejectEnds == .call {
      endsWithDial = endsWithDial ?? (leg.machine.hangupBy ?? .engine)
      tellDial(.callEnds)  // C-13
    }
    tellDial(.out(leg.targetIndex))
  }

  /// C-17: who lost while it was screened may be told why.
  private mutating func hangUp(_ index: Int, wasScreened: Bool) {
    let leg = legs[index]
    guard wasScreened, leg.machine.givenUp == .lostRace, !policy.lostRacePrompt.isEmpty else {
      return out.append(.leg(leg.number, .hangUp(reasons: leg.reasons)))
    }
    legs[index].farewell = perform(
      .farewell(url: policy.lostRacePrompt), on: .leg(leg.number))
  }

  mutating func farewellHeard(_ index: Int) {
    legs[index].farewell = nil
    legs[index].machine.farewellHeard(at: now)
    out.append(.leg(legs[index].number, .hangUp(reasons: legs[index].reasons)))
  }

  // MARK: - Status callbacks

  private mutating func fire(_ event: SipNoun.Event, _ index: Int) {
    let leg = legs[index]
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
      hangupBy: isLast && machine.wasAnswered ? machine.hangupBy : nil)
    var callback: StatusCallback?
    if let url = leg.noun.statusCallback, leg.noun.statusCallbackEvents.contains(event) {
      let number =
        policy.numbering == .fixed ? StatusParameters.fixedNumber(of: event) : leg.callbacks
      legs[index].callbacks += 1
      callback = StatusCallback(
        url: url, method: leg.noun.statusCallbackMethod.rawValue,
        parameters: StatusParameters.make(
          status, voice: leg.voice, number: number, wall: wall, policy: policy,
          recording: leg.recording))
    }
    out.append(.tell(.leg(leg.number, status, callback: callback)))
  }
}
