import RCMLBasics

/// What each party said of its sound, and until when it may be spoken to: read off the wire.
extension Watch {
  func soundDelivered(_ message: SipText) {
    guard sound != nil else { return }
    if let caller = callerIndex[message.callID] {
      if sound?.index[message.callID] == nil { addParty(message.callID, caller: caller, leg: nil) }
    }
    guard let index = sound?.index[message.callID], var party = sound?.parties[index] else {
      return
    }
    let description = VoiceDescription(message)
    switch message.method {
    case .invite:
      // A late copy of it says nothing new.
      if let description, party.invites.insert(message.branch).inserted {
        party.offered[message.branch] = description
        if message.toTag.isEmpty { name(description, &party) }
      }
    // The same for the ACK that holds an answer.
    case .ack:
      if let description, party.invites.insert(message.branch).inserted {
        name(description, &party)
      }
    case .bye:
      // One that overtakes its own 200 ends nothing yet.
      if party.leg == nil || party.tag == message.fromTag {
        party.ended = "its BYE"
      }
    case .cancel: if party.tag.isEmpty, party.leg == nil { party.ended = "its CANCEL" }
    case .info: info(message, index, &party)
    case nil where message.sequenceMethod == .invite: answered(message, description, &party)
    case .options, .update, .prack, .other, nil: break
    }
    sound?.parties[index] = party
  }

  private func addParty(_ callID: [UInt8], caller: Int, leg: Int?) {
    let place = sound?.parties.count
    sound?.index[callID] = place
    sound?.parties.append(WatchedSound.Talker(caller: caller, leg: leg, changed: now))
  }

  private func name(_ description: VoiceDescription, _ party: inout WatchedSound.Talker) {
    party.named = description
    place(description, &party)
    party.changed = now
  }

  /// A leg's answer, or anybody's answer to our re-INVITE.
  private func answered(
    _ message: SipText, _ description: VoiceDescription?, _ party: inout WatchedSound.Talker
  ) {
    let asked = message.code >= 200 ? party.asked.removeValue(forKey: message.branch) : nil
    guard message.code < 300 else {
      if let asked { party.isHere = asked.wasHere }
      if party.leg != nil, party.tag.isEmpty, party.branch == message.branch {
        party.ended = "its refusal"
      }
      return
    }
    if message.code < 200 {
      guard party.tag.isEmpty, let description, let address = description.address else { return }
      party.early.insert(address)
      return name(description, &party)
    }
    // Said again it tells nothing new.
    guard party.seen.insert(message.branch + message.toTag).inserted else { return }
    // The first dialog is the leg's own; the others are ended at once.
    if party.tag.isEmpty {
      party.tag = message.toTag
      party.early = []
    }
    guard party.tag == message.toTag || party.leg == nil else { return }
    if let asked { party.isFilmed = asked.isFilmed }
    if let description { name(description, &party) }
  }

  func soundSent(_ message: SipText) {
    guard sound != nil else { return }
    if message.method == .invite, message.toTag.isEmpty, let leg = legIndex[message.callID] {
      if sound?.index[message.callID] == nil {
        addParty(message.callID, caller: legs[leg].caller, leg: leg)
      }
      if let call = events[legs[leg].sid]?.call { relate(call, legs[leg].caller) }
      if let index = sound?.index[message.callID] {
        sound?.parties[index].branch = message.branch
        if sound?.parties[index].ended == "its refusal" { sound?.parties[index].ended = nil }
      }
    }
    guard let index = sound?.index[message.callID], var party = sound?.parties[index] else {
      return
    }
    if let description = VoiceDescription(message) {
      let wasHere = party.isHere
      party.isHere =
        description.address?.low == World.agentAddress.low && description.direction != "inactive"
      party.isOpen = true
      let isFilmed =
        description.video == .offered && description.videoAddress != nil && description.watches
      // A re-INVITE of ours says nothing before it is answered.
      if message.method == .invite, !message.toTag.isEmpty {
        let before = party.asked[message.branch]?.wasHere ?? wasHere
        party.asked[message.branch] = (isFilmed, before)
      } else {
        party.isFilmed = isFilmed
      }
    }
    switch message.method {
    case .bye:
      // A caller's dialog is known by our tag, a leg's by its own.
      let tag = party.leg == nil ? message.fromTag : message.toTag
      if party.tag.isEmpty || party.tag == tag { party.ended = "our BYE" }
    case .cancel: party.ended = "our CANCEL"
    case nil where message.sequenceMethod == .invite && message.code >= 300 && party.leg == nil:
      if message.branch == callers[party.caller].branch { party.ended = "our refusal" }
    case nil where message.sequenceMethod == .invite && message.code >= 200:
      if let offered = party.offered.removeValue(forKey: message.branch), message.code < 300 {
        name(offered, &party)
      }
      if party.leg == nil, message.branch == callers[party.caller].branch, message.code < 300 {
        party.tag = message.toTag
      }
    case .invite, .ack, .options, .info, .update, .prack, .other, nil: break
    }
    sound?.parties[index] = party
  }

  func partyIndex(_ voice: Voice) -> Int? {
    if let known = voice.party { return known }
    voice.party = sound?.index[voice.callID]
    return voice.party
  }
}
