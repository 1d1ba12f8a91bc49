import RCMLBasics

/// re-INVITEs on the wire: ours, and those that wait for our word.
struct WatchedOffers {
  struct Ours {
    var callID: [UInt8]
    var tag: [UInt8]
    var since: Instant
    /// A provisional response came.
    var isHeard = false
    /// Who had it asked has taken that back.
    var isUnwanted = false
    var isCancelled = false
  }

  struct Theirs {
    var callID: [UInt8]
    var tag: [UInt8]
    var since: Instant
    var hasDescription: Bool
    var isTakenBack = false
  }

  /// By branch.
  var ours: [[UInt8]: Ours] = [:]
  var theirs: [[UInt8]: Theirs] = [:]
  /// CSeq of the newest of theirs; by Call-ID and the peer's tag.
  var newest: [[UInt8]: UInt32] = [:]
  /// Until when ours is made once more after a 491; by Call-ID and the peer's tag.
  var glares: [[UInt8]: Instant] = [:]
  /// How many of ours met one another's in a row.
  var glaresInARow: [[UInt8]: Int] = [:]
  /// When one of ours was last refused with 491, by whomever: it may be made once more a little later.
  var lastGlare: Instant?
  /// Call-IDs of parties that have wanted less than there could be.
  var holding: Set<[UInt8]> = []
}

/// A re-INVITE that met another is made once more (RFC 3261 §14.1), one that is taken back is taken back at the other
/// party (spec U-54), and an offer on request holds nobody who does not hold (U-52).
extension Watch {
  /// So often it is tried for certain.
  private static let surelyTried = 3

  func offersDelivered(_ message: SipText) {
    guard checksSessions else { return }
    switch message.method {
    case .invite where !message.toTag.isEmpty:
      let key = message.callID + message.fromTag
      // What comes again, or too late, says nothing new.
      guard message.sequence > offers.newest[key, default: 0] else { return }
      offers.newest[key] = message.sequence
      offers.theirs[message.branch] = WatchedOffers.Theirs(
        callID: message.callID, tag: message.fromTag, since: now, hasDescription: message.hasBody)
      // Theirs is first.
      if offers.glares[key] != nil { offers.glares[key] = now + .seconds(40) }
    case .cancel:
      offers.theirs[message.branch]?.isTakenBack = true
      forgetGlares(of: message.callID)
    case .bye: forgetOffers(of: message.callID)
    case .update: forgetGlares(of: message.callID)
    case nil where message.sequenceMethod == .invite: offerHeard(message)
    case nil where message.code == 481 || message.code == 408: forgetGlares(of: message.callID)
    case .invite, .ack, .options, .info, .prack, .other, nil: break
    }
  }

  private func offerHeard(_ message: SipText) {
    guard let offer = offers.ours[message.branch] else { return }
    guard message.code >= 200 else {
      offers.ours[message.branch]?.isHeard = true
      return
    }
    offers.ours[message.branch] = nil
    let key = message.callID + message.toTag
    guard message.code == 491 else {
      offers.glaresInARow[key] = nil
      if message.code == 481 || message.code == 408 { forgetGlares(of: message.callID) }
      return
    }
    offers.glaresInARow[key, default: 0] += 1
    offers.lastGlare = now
    guard !offer.isUnwanted, !offer.isCancelled, !streamsFailed, !hostInterferes,
      offers.glaresInARow[key, default: 0] <= Watch.surelyTried
    else { return }
    // Whose the Call-ID is waits up to 4 s, the other one up to 2 s.
    let longest = Interval.milliseconds(legIndex[message.callID] != nil ? 4_000 : 2_000)
    offers.glares[key] = now + longest
  }

  func offersSent(_ message: SipText) {
    guard checksSessions else { return }
    switch message.method {
    case .invite where !message.toTag.isEmpty:
      offers.glares[message.callID + message.toTag] = nil
      guard offers.ours[message.branch] == nil, isFirstSend(message) else { return }
      offers.ours[message.branch] = WatchedOffers.Ours(
        callID: message.callID, tag: message.toTag, since: now)
    case .cancel: offers.ours[message.branch]?.isCancelled = true
    case .bye: forgetOffers(of: message.callID)
    case nil where message.sequenceMethod == .invite && message.code >= 200: decided(message)
    case .invite, .ack, .options, .info, .update, .prack, .other, nil: break
    }
  }

  private func decided(_ message: SipText) {
    guard let offer = offers.theirs.removeValue(forKey: message.branch) else { return }
    let key = offer.callID + offer.tag
    if offers.glares[key] != nil {
      // Nothing stands against ours any more, or the next word is that of the ACK.
      offers.glares[key] = message.code >= 300 ? now : nil
    }
    if message.code == 487, offer.isTakenBack {
      for (branch, ours) in offers.ours
      where ours.callID != offer.callID && ours.since >= offer.since
        && callerOf(ours.callID) == callerOf(offer.callID)
      {
        offers.ours[branch]?.isUnwanted = true
      }
    }
    if message.code < 300, !offer.hasDescription, let sdp = SdpText(message) {
      checkRequested(sdp, of: offer.callID)
    }
  }

  func callerOf(_ callID: [UInt8]) -> Int? {
    callerIndex[callID] ?? legIndex[callID].map { legs[$0].caller }
  }

  private func forgetGlares(of callID: [UInt8]) {
    guard !offers.glares.isEmpty, let caller = callerOf(callID) else { return }
    offers.glares = offers.glares.filter { key, _ in
      let isOfCaller = key.starts(with: callers[caller].callID)
      return !isOfCaller && !legs.contains { $0.caller == caller && key.starts(with: $0.callID) }
    }
  }

  /// Somebody hangs up: nobody is asked any more.
  private func forgetOffers(of callID: [UInt8]) {
    forgetGlares(of: callID)
    guard !offers.ours.isEmpty, let caller = callerOf(callID) else { return }
    offers.ours = offers.ours.filter { callerOf($0.value.callID) != caller }
  }

  func offersSettled() {
    if !offers.ours.isEmpty, !streamsFailed,
      let one = offers.ours.values.first(where: { $0.isUnwanted && $0.isHeard && !$0.isCancelled })
    {
      fail(
        .takenBack, "a re-INVITE to \(nameOf(one.callID)) goes on, and who asked has taken it back")
    }
    if !offers.glares.isEmpty, !streamsFailed,
      let one = offers.glares.first(where: { $0.value < now })
    {
      fail(.glare, "a re-INVITE in \(text(one.key)) met another, and is not made once more")
    }
  }

  private func nameOf(_ callID: [UInt8]) -> String {
    if let caller = callerIndex[callID] { return callers[caller].name }
    return legIndex[callID].map { legs[$0].target } ?? "somebody"
  }

  // MARK: holding

  /// What a peer says of the direction: less than it could.
  func noteHold(_ sdp: SdpText, _ message: SipText, answering ours: SdpText?) {
    guard let audio = sdp.streams.first(where: { $0.media == "audio" && $0.port != 0 }) else {
      return
    }
    var most = "sendrecv"
    let isAnswer = message.method == nil || message.method == .ack
    if isAnswer, let ours,
      let asked = ours.streams.first(where: { $0.media == "audio" && $0.port != 0 })
    {
      most = SdpText.answer(to: asked, own: "sendrecv")
    }
    if audio.direction != most { offers.holding.insert(message.callID) }
  }

  /// Nobody holds who has never said so.
  private func checkRequested(_ sdp: SdpText, of callID: [UInt8]) {
    guard !screens, !hostInterferes, let caller = callerOf(callID),
      let sid = callers[caller].winner, let leg = legOfSid[sid], legs[leg].bye == nil,
      callers[caller].left == nil, !callers[caller].byeSent, callers[caller].isAcknowledged,
      let answered = callers[caller].answered, now - answered > .seconds(1),
      events[sid]?.told.last?.event == .answered, !legs[leg].isLost
    else { return }
    let other = callers[caller].callID == callID ? legs[leg].callID : callers[caller].callID
    guard callerIndex[callID] != nil || legs[leg].callID == callID,
      !offers.holding.contains(other),
      let audio = sdp.streams.first(where: { $0.media == "audio" && $0.port != 0 })
    else { return }
    if audio.direction != "sendrecv" {
      fail(
        .requestedOffers,
        "\(nameOf(callID)) asked for an offer, nobody holds, and it is \(audio.direction)")
    }
  }
}
