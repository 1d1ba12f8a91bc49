import RCMLAgent
import RCMLBasics
import RCMLDial
import RCMLDocument

/// What the host is told: in order, once, and true (I-C1, I-C3, I-C4, I-S1, I-S2).
extension Watch {
  package func told(_ event: HostEvent) {
    switch event {
    case .onCall(let call, .legStatus(let leg, let status)): legTold(call, leg, status)
    case .onCall(let call, .dialEnded(let result)): dialTold(call, result)
    case .onCall(let call, .ended(let end)):
      if ended[call] != nil { fail(.nothingIsLeft, "call \(call.number) ended twice") }
      ended[call] = now
      if let index = callOfNumber[call] {
        callers[index].ended = now
        let isCut = callers[index].isStream && streamsFailed
        if end.sipCode == nil, callers[index].finals.isEmpty, callers[index].left == nil, !isCut,
          !isAnswerHeld(index)
        {
          fail(.oneFinalResponse, "\(callers[index].name)'s call ended without a final response")
        }
      }
    case .onCall(let call, .incoming(let incoming)):
      for (index, caller) in callers.enumerated()
      where incoming.from.split(separator: ":").last?.prefix(while: { $0 != "@" })
        == caller.name[...]
      {
        callOfNumber[call] = index
        callers[index].call = call
      }
      mayTell(call)
    case .onCall(let call, .digit(let party, let key)):
      mayTell(call)
      toldKey(call, party, key)
    case .onCall(let call, .recording(let status)):
      mayTell(call)
      toldRecording(status)
    case .onCall(let call, .host), .onCall(let call, .answered), .onCall(let call, .ringing),
      .onCall(let call, .secret):
      mayTell(call)
    // A callback about the end, the question about its URL, and what came of it (E-8) come after it.
    case .onCall(_, .callback), .onCall(_, .exchange), .question(_, _, .url),
      .question(_, _, .request):
      break
    case .question(_, let call, _): mayTell(call)
    case .finding(_, let finding): if finding.code == .recordingGaps { toldGap() }
    case .message, .refused, .drained: break
    }
  }

  private func mayTell(_ call: CallNumber) {
    if ended[call] != nil {
      fail(.nothingIsLeft, "something was told of call \(call.number) after its end")
    }
  }

  private func legTold(_ call: CallNumber, _ leg: LegNumber, _ status: LegStatus) {
    mayTell(call)
    let sid = status.sid.description
    if events[sid] == nil {
      for sid in sidOrder where events[sid]?.call == call && events[sid]?.number == leg {
        fail(.distinctSids, "\(leg.name) of call \(call.number) has two sids")
      }
      events[sid] = LegEvents(call: call, number: leg)
      sidOrder.append(sid)
    }
    let before = events[sid]?.told ?? []
    events[sid]?.told.append(status)
    checkOrder(status, before, leg)
    switch status.event {
    case .answered: won(call, sid)
    case .completed: completed(status, before, sid)
    case .ringing: rang(sid)
    case .initiated: break
    }
  }

  /// Nothing but 180 and 183 rings (spec L-13, U-22).
  private func rang(_ sid: String) {
    guard let index = legOfSid[sid], !answersMayWait else { return }
    let isRinging =
      current?.callID == legs[index].callID && (current?.code == 180 || current?.code == 183)
    if !isRinging {
      fail(.rings, "\(legs[index].target) rings, and said \(current?.code ?? 0)")
    }
  }

  private func checkOrder(_ status: LegStatus, _ before: [LegStatus], _ leg: LegNumber) {
    if before.contains(where: { $0.event == status.event }) {
      fail(.completedOnce, "\(leg.name) was \(status.event) twice")
    }
    guard let last = before.last else {
      if status.event != .initiated {
        fail(.orderedEvents, "the first event of \(leg.name) is \(status.event)")
      }
      return
    }
    if status.event.rawValue <= last.event.rawValue {
      fail(.orderedEvents, "\(leg.name) was \(status.event) after \(last.event)")
    }
    if status.instant < last.instant {
      fail(.durations, "the time of \(status.event) lies before that of \(last.event)")
    }
  }

  private func won(_ call: CallNumber, _ sid: String) {
    if let leg = events[sid]?.number, hostLegWon(call, leg) { return }
    guard let index = legOfSid[sid] else {
      return fail(.firstAnswerWins, "a leg nobody called is answered")
    }
    let leg = legs[index]
    relate(call, leg.caller)
    callers[leg.caller].answeredLegs.insert(sid)
    if callers[leg.caller].winner != nil {
      fail(.oneWinner, "\(leg.target) is the second winner of one Dial")
    }
    if callers[leg.caller].left != nil {
      fail(.firstAnswerWins, "\(leg.target) won after the caller had left")
    }
    if !screens { callers[leg.caller].winner = sid }
    if earlyByes.contains(leg.callID + (current?.toTag ?? [])) { mustComplete = sid }
    let isAnswer =
      current?.callID == leg.callID && (200..<300).contains(current?.code ?? 0)
      && leg.tries.contains { !$0.answers.isEmpty }
    if !isAnswer, !answersMayWait {
      fail(.firstAnswerWins, "\(leg.target) won without a 2xx in this step")
    }
  }

  func relate(_ call: CallNumber, _ caller: Int) {
    callOfNumber[call] = caller
    callers[caller].call = call
  }

  private func completed(_ status: LegStatus, _ before: [LegStatus], _ sid: String) {
    let answered = before.first { $0.event == .answered }
    // The talk ends with the first BYE; the leg is over when that is answered, or was given up.
    let end = legOfSid[sid].flatMap { legs[$0].bye } ?? status.instant
    let expected = answered.map { (end - $0.instant).wholeSeconds } ?? 0
    // Whoever lost is counted until then; its last word may wait for leave.
    let waitsForLastWord = mayDeny && status.hangupBy == .engine && status.duration < expected
    if abs(status.duration - expected) > 1, !waitsForLastWord {
      fail(.durations, "a leg lasted \(expected) s, and its duration is \(status.duration)")
    }
    if answered != nil, status.status != .completed {
      fail(.legStatus, "an answered leg ended as \(status.status.rawValue)")
    }
    guard let index = legOfSid[sid] else { return }
    relate(events[sid]?.call ?? CallNumber(0), legs[index].caller)
    checkStatus(status, legs[index], wasAnswered: answered != nil)
  }

  /// The table of spec M-1, where nothing but the final response decided.
  private func checkStatus(_ status: LegStatus, _ leg: LegRecord, wasAnswered: Bool) {
    let isOwn =
      callers[leg.caller].answeredLegs.isEmpty && callers[leg.caller].left == nil
    guard !wasAnswered, !hostInterferes, !answersMayWait, isOwn,
      leg.dial == callers[leg.caller].dialsEnded,
      let attempt = leg.tries.last(where: { $0.isInitial }), attempt.cancelled == nil,
      let code = attempt.refused, age(of: leg) < shortestTimeout
    else { return }
    let expected: CallStatus
    switch code {
    case 486, 600, 603, 607: expected = .busy
    case 480, 408, 487: expected = .noAnswer
    default: expected = .failed
    }
    if status.status != expected {
      fail(.legStatus, "\(leg.target) answered \(code) and ended as \(status.status.rawValue)")
    }
  }

  private func dialTold(_ call: CallNumber, _ result: DialResult) {
    mayTell(call)
    dialsEnded[call, default: 0] += 1
    guard let index = callOfNumber[call] else { return }
    soundDialTold(index, result)
    if let winner = callers[index].winner {
      if result.status != .completed {
        uselessWinner = (call, "a Dial with a winner ended as \(result.status.rawValue)")
        callers[index].winner = nil
        return
      }
      if let sid = result.legSid, sid.description != winner {
        fail(.oneWinner, "the winner changed from \(winner) to \(sid)")
      }
    } else if result.status == .completed, !screens {
      fail(.firstAnswerWins, "a Dial without a winner ended as completed")
    }
    callers[index].lastWinner = callers[index].winner
    callers[index].winner = nil
    callers[index].answeredLegs = []
    callers[index].dialsEnded += 1
  }

  /// A caller who can be given nothing is refused: whoever answered has not won, and no action is asked for (L-49).
  func refused(_ caller: Int) {
    guard let useless = uselessWinner, callOfNumber[useless.call] == caller else { return }
    uselessWinner = nil
    dialsEnded[useless.call, default: 0] -= 1
  }

  func finishEvents() {
    for sid in sidOrder {
      if events[sid]?.told.last?.event != .completed {
        fail(.completedOnce, "leg \(sid) was initiated and never completed")
      }
    }
    finishHostParties()
    for leg in legs where !leg.sid.isEmpty && events[leg.sid] == nil {
      fail(.completedOnce, "\(leg.target) was called, and the host was never told")
    }
  }
}
