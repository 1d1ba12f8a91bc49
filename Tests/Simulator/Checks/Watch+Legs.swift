import RCMLBasics

/// The legs on the wire: who may be called, who is acknowledged, who is cancelled (I-S1 … I-S5).
extension Watch {
  func newLeg(_ message: SipText, isStream: Bool) {
    let user = message.user(in: message.from)
    guard let caller = callerNames[user] else {
      return fail(.noInviteAfterwards, "an INVITE on behalf of \(text(user)), who never called")
    }
    let name = String(decoding: message.user(in: message.to), as: UTF8.self)
    mayInvite(caller, name)
    let record = LegRecord(
      callID: message.callID, caller: caller, dial: callers[caller].dialsEnded,
      sid: message.text(message.sid), parentSid: message.text(message.parentSid), target: name)
    for other in legs where other.caller == caller && other.parentSid != record.parentSid {
      fail(.distinctSids, "the legs of \(callers[caller].name) name two parents")
    }
    if !record.sid.isEmpty {
      if legOfSid[record.sid] != nil { fail(.distinctSids, "two legs share \(record.sid)") }
      legOfSid[record.sid] = legs.count
    }
    legIndex[message.callID] = legs.count
    legs.append(record)
    toLeg(message, legs.count - 1, isStream: isStream)
  }

  private func mayInvite(_ caller: Int, _ target: String) {
    lapse(caller)
    if callers[caller].left != nil {
      fail(.noInviteAfterwards, "INVITE to \(target) after \(callers[caller].name) left")
    }
    if callerHearsNothing {
      fail(.unheard, "INVITE to \(target) for \(callers[caller].name), who could hear nothing")
    }
    if let final = callers[caller].finals.first(where: { $0.code >= 300 }) {
      fail(.noInviteAfterwards, "INVITE to \(target) after its caller got \(final.code)")
    }
    if callers[caller].ended != nil {
      fail(.noInviteAfterwards, "INVITE to \(target) after the call had ended")
    }
    if callers[caller].winner != nil {
      fail(.noInviteAfterwards, "INVITE to \(target) after the winner was chosen")
    }
  }

  func toLeg(_ message: SipText, _ index: Int, isStream: Bool) {
    switch message.method {
    case .invite: invited(message, index, isStream: isStream)
    case .cancel: cancelled(message, index)
    case .ack: acknowledged(message, index)
    case .bye:
      noteBye(index, message.toTag)
      for attempt in legs[index].tries.indices {
        for answer in legs[index].tries[attempt].answers.indices
        where legs[index].tries[attempt].answers[answer].tag == message.toTag {
          legs[index].tries[attempt].answers[answer].byeSent = true
          if legs[index].tries[attempt].answers[answer].acks == 0 {
            fail(.answersAreAcknowledged, "BYE to \(legs[index].target) before the ACK")
          }
        }
      }
    case .options, .info, .update, .prack, .other, nil: break
    }
  }

  /// The talk on the leg's own dialog, that of its first 2xx, is over.
  private func noteBye(_ index: Int, _ tag: [UInt8]) {
    let attempt = legs[index].tries.first { $0.isInitial && !$0.answers.isEmpty }
    guard attempt?.answers.first?.tag == tag else { return }
    legs[index].bye = legs[index].bye ?? now
  }

  private func invited(_ message: SipText, _ index: Int, isStream: Bool) {
    if legs[index].tries.contains(where: { $0.branch == message.branch }) { return }
    let isInitial = message.toTag.isEmpty
    if isInitial, !legs[index].tries.isEmpty { mayInvite(legs[index].caller, legs[index].target) }
    legs[index].tries.append(
      LegRecord.Try(
        branch: message.branch, sequence: message.sequence, isInitial: isInitial,
        isStream: isStream, first: now))
  }

  private func cancelled(_ message: SipText, _ index: Int) {
    checkReason(message, index)
    let target = legs[index].target
    guard let attempt = legs[index].tries.firstIndex(where: { $0.branch == message.branch }) else {
      return fail(.losersAreEnded, "CANCEL to \(target) matches no INVITE")
    }
    if legs[index].tries[attempt].cancelled != nil { return }
    legs[index].tries[attempt].cancelled = now
    if legs[index].tries[attempt].provisional == nil {
      fail(.losersAreEnded, "CANCEL to \(target) before any provisional response")
    }
    if legs[index].tries[attempt].refused != nil || !legs[index].tries[attempt].answers.isEmpty {
      fail(.losersAreEnded, "CANCEL to \(target) after the final response")
    }
  }

  /// "Call completed elsewhere" keeps a phone from listing a missed call: never where nobody answered (F-8).
  private func checkReason(_ message: SipText, _ index: Int) {
    if answersMayWait { return }
    let saysElsewhere = message.reasons.contains { message.text($0).hasSuffix("elsewhere\"") }
    guard saysElsewhere else { return }
    let leg = legs[index]
    let someoneAnswered =
      hostHasAnswered
      || legs.contains { other in
        other.caller == leg.caller && other.dial == leg.dial
          && other.tries.contains { !$0.answers.isEmpty }
      }
    if !someoneAnswered {
      fail(.reasons, "\(leg.target) hears of an answer elsewhere, and nobody answered")
    }
  }

  private func acknowledged(_ message: SipText, _ index: Int) {
    for attempt in legs[index].tries.indices {
      for answer in legs[index].tries[attempt].answers.indices
      where legs[index].tries[attempt].answers[answer].tag == message.toTag {
        guard legs[index].tries[attempt].sequence == message.sequence else { continue }
        legs[index].tries[attempt].answers[answer].acks += 1
        let branch = legs[index].tries[attempt].branch
        unacknowledged.removeAll {
          $0.leg == index && $0.branch == branch && $0.tag == message.toTag
        }
        return
      }
    }
    unacknowledged.removeAll { $0.leg == index && $0.branch == message.branch }
  }

  func fromLeg(_ message: SipText, _ index: Int) {
    if message.method == .bye {
      let isFirst = legs[index].bye == nil
      noteBye(index, message.fromTag)
      if isFirst, legs[index].bye != nil { legs[index].hungUpFirst = true }
      if legs[index].reasons.isEmpty {
        legs[index].reasons = message.reasons.map { message.text($0) }
      }
      for attempt in legs[index].tries.indices {
        for answer in legs[index].tries[attempt].answers.indices
        where legs[index].tries[attempt].answers[answer].tag == message.fromTag {
          legs[index].tries[attempt].answers[answer].byeReceived = true
        }
      }
      // A BYE that overtook its own 200 (race 20): the dialog is over all the same.
      let dialog = message.callID + message.fromTag
      byesBeforeAnswer.insert(dialog)
      if earlyDialogs.contains(dialog) { earlyByes.insert(dialog) }
    }
    guard message.method == nil, message.sequenceMethod == .invite else { return }
    guard let attempt = legs[index].tries.firstIndex(where: { $0.branch == message.branch }),
      !legs[index].tries[attempt].isForgotten(at: now)
        // Up to the very end of timer B a provisional response allows the CANCEL.
        || (message.code < 200 && now - legs[index].tries[attempt].first <= .seconds(32)),
      !legs[index].isBuried(attempt, at: now)
    else { return }
    switch message.code {
    case ..<200:
      let isFirst = legs[index].tries[attempt].provisional == nil
      if isFirst { legs[index].tries[attempt].provisional = now }
      if !message.toTag.isEmpty { earlyDialogs.insert(message.callID + message.toTag) }
    case 200..<300: answered(message, index, attempt)
    default:
      if legs[index].tries[attempt].refused == nil {
        legs[index].tries[attempt].refused = message.code
        legs[index].tries[attempt].refusedAt = now
      }
      if message.code == 481 || message.code == 408, !legs[index].tries[attempt].isInitial {
        legs[index].isLost = true
      }
      if !legs[index].tries[attempt].isStream, legs[index].tries[attempt].answers.isEmpty {
        unacknowledged.append((index, message.branch, message.toTag))
      }
    }
  }

  private func answered(_ message: SipText, _ index: Int, _ attempt: Int) {
    let one = legs[index].tries[attempt]
    // A failure response decided it: a 2xx after it is nobody's any more.
    if one.refused != nil { return }
    if !one.answers.contains(where: { $0.tag == message.toTag }) {
      let isUsable = Watch.originName(message) != nil
      var answer = LegRecord.Answer(tag: message.toTag, first: now, isUsable: isUsable)
      answer.byeReceived = byesBeforeAnswer.contains(message.callID + message.toTag)
      if one.isInitial, one.answers.isEmpty, isUsable, one.cancelled == nil {
        mustWin = index
      }
      legs[index].tries[attempt].answers.append(answer)
    }
    if !one.isStream { unacknowledged.append((index, message.branch, message.toTag)) }
  }

  /// The first usable 2xx that comes while the race is open wins it (I-S2).
  func checkWinner(_ index: Int) {
    let leg = legs[index]
    let caller = callers[leg.caller]
    guard !hostInterferes, !screens, !answersMayWait else { return }
    // From here on something else than the answer may have decided: then nobody can say from outside.
    let isOpen =
      caller.left == nil && caller.ended == nil && leg.dial == caller.dialsEnded
      && age(of: leg) < shortestTimeout && events[leg.sid]?.told.last?.event != .completed
    if isOpen, caller.winner == nil {
      fail(.firstAnswerWins, "\(leg.target) answered first and did not win")
    }
  }

  /// Since its turn came: lookup and connection are part of its time to ring.
  func age(of leg: LegRecord) -> Interval {
    now - (events[leg.sid]?.told.first?.instant ?? leg.tries.first?.first ?? now)
  }

  func finishLegs() {
    for leg in legs {
      for attempt in leg.tries where !leg.isLost {
        for answer in attempt.answers {
          if answer.acks == 0, !(attempt.isStream && streamsFailed) {
            fail(.answersAreAcknowledged, "\(leg.target) answered and never got an ACK")
          }
          if !answer.byeSent, !answer.byeReceived, attempt.isInitial,
            !(attempt.isStream && streamsFailed)
          {
            fail(.losersAreEnded, "\(leg.target) answered, and nobody said BYE")
          }
        }
        let isOpen = attempt.provisional != nil && attempt.refused == nil && attempt.answers.isEmpty
        if isOpen, attempt.isInitial, attempt.cancelled == nil, !streamsFailed {
          fail(.losersAreEnded, "\(leg.target) was left ringing without a CANCEL")
        }
      }
    }
  }
}
