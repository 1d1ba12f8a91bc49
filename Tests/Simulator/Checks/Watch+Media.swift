import RCMLBasics
import RCMLDial
import RCMLMedia

/// Every packet that leaves: to whom, from whom, and whether it says what was said (I-M1, I-M2, I-S1, I-M5).
extension Watch {
  func sent(
    _ packet: VirtualMedia.Packet, to voice: Voice, at address: SocketAddress, isNamed: Bool,
    from speaker: Voice?
  ) {
    guard let index = partyIndex(voice), let party = sound?.parties[index] else {
      return fail(.onlyToThem, "a packet went to a phone that is in no call")
    }
    let name = partyName(party)
    if let why = party.ended { return fail(.onlyToThem, "\(name) was sent a packet after \(why)") }
    // Our word may wait for a PRACK or for a connection; sound may overtake it (RFC 3264 §5.1).
    let mayOvertake =
      callers[party.caller].reliability != .unknown || callers[party.caller].isStream
    if party.leg == nil, !party.isOpen, !mayOvertake {
      let what = packet.isControl ? "a report" : speaker == nil ? "our sound" : "somebody's sound"
      return fail(.ringing, "\(name) was sent \(what) and had no answer and no 183 with SDP")
    }
    guard let named = party.named, let wanted = named.address else {
      return fail(.onlyToThem, "\(name) wants no packets, and got one")
    }
    if address != wanted, !party.early.contains(address), !mayBeSent(voice, at: address, party) {
      return fail(
        .onlyToThem, "\(name) was sent a packet to port \(address.port), and named \(wanted.port)")
    }
    // Reports go on while somebody is on hold (RFC 3264 §8.4).
    if !named.listens, !packet.isControl {
      return fail(.onlyToThem, "\(name) is on hold (\(named.direction)), and was sent a packet")
    }
    guard !packet.isControl else { return }
    guard let header = packet.octets.withUnsafeBytes({ RTPHeader.read($0) }),
      let format = named.name(of: header.payloadType)
    else {
      return fail(.exactAudio, "\(name) was sent a packet of a type it did not name")
    }
    let payload = packet.octets[header.payload]
    if format == "telephone-event" { checkStar(payload, party) }
    if let speaker {
      heard(speaker, party)
    } else {
      made(payload, format, index, party)
    }
  }

  func partyName(_ party: WatchedSound.Talker) -> String {
    party.leg.map { legs[$0].target } ?? callers[party.caller].name
  }

  /// What we play ourselves.
  private func made(
    _ payload: ArraySlice<UInt8>, _ format: String, _ index: Int, _ party: WatchedSound.Talker
  ) {
    sound?.parties[index].spokenTo = now
    guard format == "pcmu" || format == "pcma",
      let code = PromptCode.read(payload, format == "pcmu" ? .mu : .a)
    else { return }
    if party.leg == nil {
      if PromptCode.screening.contains(code) || code == PromptCode.farewell {
        fail(.oneWinner, "\(partyName(party)) hears what a called party is asked")
      }
    } else if PromptCode.main.contains(code) || code == PromptCode.music {
      fail(.oneWinner, "\(partyName(party)) hears what is played to the caller")
    }
  }

  /// L-34: with hangupOnStar no called party hears a `*`.
  private func checkStar(_ payload: ArraySlice<UInt8>, _ party: WatchedSound.Talker) {
    guard sound?.scenario.starEndsEveryDial ?? false, let leg = party.leg, payload.count >= 4,
      events[legs[leg].sid]?.told.contains(where: { $0.event == .answered }) ?? false
    else { return }
    if payload.first == 10 { fail(.keys, "\(partyName(party)) hears the caller's *") }
  }

  /// I-S1, U-20: a caller and its winner hear each other, and before there is an answer at most one leg is heard.
  func heard(_ speaker: Voice, _ listener: WatchedSound.Talker) {
    guard let index = partyIndex(speaker), let party = sound?.parties[index] else { return }
    guard (party.leg == nil) != (listener.leg == nil), party.caller == listener.caller,
      let leg = party.leg ?? listener.leg
    else {
      return fail(.oneWinner, "\(partyName(listener)) hears \(partyName(party))")
    }
    let caller = party.caller
    let sid = legs[leg].sid
    let target = legs[leg].target
    if legs[leg].dial != callers[caller].dialsEnded {
      return fail(.oneWinner, "\(target) and its caller hear each other after their Dial")
    }
    if sound?.screenings.values.contains(where: { $0.sid == sid }) ?? false {
      return fail(.oneWinner, "\(target) and its caller hear each other while it is screened")
    }
    let isAnswered = events[sid]?.told.contains { $0.event == .answered } ?? false
    if isAnswered {
      sound?.heard[caller, default: []].insert(sid)
      if sound?.heard[caller]?.count ?? 0 > 1 {
        fail(.oneWinner, "\(target) is the second answered leg that the caller talks with")
      }
    } else {
      sound?.heardEarly[caller, default: []].insert(sid)
      if sound?.heardEarly[caller]?.count ?? 0 > 1 || sound?.scenario.earlyMedia == "never" {
        fail(
          .oneWinner,
          "\(target) has not answered, and \(partyName(listener)) hears \(partyName(party))")
      }
    }
  }

  /// A Dial is over: whoever talked with the caller must have been its winner.
  func soundDialTold(_ caller: Int, _ result: DialResult) {
    for sid in sound?.heard.removeValue(forKey: caller) ?? []
    where !result.bridged || result.legSid?.description != sid {
      let target = legOfSid[sid].map { legs[$0].target } ?? sid
      fail(.oneWinner, "\(target) talked with the caller and is not the winner")
    }
    sound?.heardEarly[caller] = nil
  }

  // MARK: what comes in

  /// It is not on hold: what it sends is heard.
  func maySpeak(_ voice: Voice) -> Bool {
    partyIndex(voice).flatMap { sound?.parties[$0].speaks } ?? false
  }

  func arrived(
    _ octets: [UInt8], of voice: Voice, isTaken: Bool, forward: VirtualMedia.Packet?,
    press: Int?
  ) {
    guard let index = partyIndex(voice) else { return }
    if let forward {
      sound?.parties[index].mute = 0
      return checkExact(octets, voice, forward)
    }
    guard isTaken, press == nil, mustPass(voice, index) else { return }
    sound?.parties[index].mute += 1
    if let party = sound?.parties[index], party.mute >= 20 {
      fail(.exactAudio, "\(partyName(party)) speaks, and nobody hears it")
    }
  }

  /// Whom the winner's caller, or the winner, talks with.
  func partner(of index: Int) -> Int? {
    guard let party = sound?.parties[index], let sid = callers[party.caller].winner,
      let leg = legOfSid[sid], party.leg == nil || party.leg == leg
    else { return nil }
    return party.leg == nil
      ? sound?.index[legs[leg].callID] : sound?.index[callers[party.caller].callID]
  }

  /// Over UDP a caller is sent nothing before it has acknowledged our 200 (Y-8).
  private func hearsUs(_ party: WatchedSound.Talker) -> Bool {
    party.leg != nil || callers[party.caller].isAcknowledged || callers[party.caller].isStream
  }

  /// The bridge stands beyond doubt, and nothing has changed for a while.
  func mustPass(_ voice: Voice, _ index: Int) -> Bool {
    guard let party = sound?.parties[index], !screens, !hostInterferes,
      voice.speech?.name != "g722", party.speaks, party.isHere,
      party.ended == nil, let sid = callers[party.caller].winner, let other = partner(of: index),
      let partner = sound?.parties[other], partner.ended == nil, partner.listens, partner.isHere,
      partner.hasG711, hearsUs(partner), let answered = callers[party.caller].answered,
      let told = events[sid]?.told.first(where: { $0.event == .answered })?.instant
    else { return false }
    let quiet = partner.spokenTo.map { now - $0 > .milliseconds(500) } ?? true
    let last = max(answered, told, party.changed, partner.changed)
    return now - last > .seconds(2) && quiet
  }

  private func checkExact(_ octets: [UInt8], _ voice: Voice, _ packet: VirtualMedia.Packet) {
    let listener = soundVoice?(packet.to)
    guard let header = octets.withUnsafeBytes({ RTPHeader.read($0) }),
      let out = packet.octets.withUnsafeBytes({ RTPHeader.read($0) }), let listener,
      let index = partyIndex(listener), let named = sound?.parties[index].named
    else { return fail(.exactAudio, "what was passed on is no RTP, or goes to nobody") }
    let before = octets[header.payload]
    let after = packet.octets[out.payload]
    // By the number alone: a packet may have been under way while another codec was agreed on.
    let isAudio = voice.script.formats.contains(header.payloadType)
    let spoken = isAudio ? Voice.name(header.payloadType) : "telephone-event"
    guard let heard = named.name(of: out.payloadType) else { return }
    let isSame: Bool
    switch (spoken, heard) {
    case ("pcmu", "pcma"):
      isSame = zip(before, after).allSatisfy { G711.transcode($0, from: .mu) == $1 }
    case ("pcma", "pcmu"):
      isSame = zip(before, after).allSatisfy { G711.transcode($0, from: .a) == $1 }
    default: isSame = spoken == heard && before == after
    }
    if !isSame || before.count != after.count {
      fail(.exactAudio, "\(spoken) of \(voice.number) was passed on as other \(heard)")
    }
    checkOrder(header, out, voice, listener)
  }

  /// As long as one source speaks the numbers of packets keep their distance.
  private func checkOrder(
    _ header: RTPHeader, _ out: RTPHeader, _ voice: Voice, _ listener: Voice
  ) {
    let flow = sound?.flows[listener.number]
    if let flow, flow.speaker == voice.number, flow.source == header.source, !out.marker,
      out.sequence &- flow.sequenceOut != header.sequence &- flow.sequenceIn
    {
      fail(.exactAudio, "packets of voice \(voice.number) are passed on in another order")
    }
    sound?.flows[listener.number] = WatchedSound.Flow(
      speaker: voice.number, source: header.source, sequenceIn: header.sequence,
      sequenceOut: out.sequence)
  }

  // MARK: ringing during screening

  func screeningAsked(_ id: UInt64, _ exchange: String, _ form: String) {
    guard sound != nil, exchange == "screen", let sid = Watch.field("CallSid", form),
      legOfSid[sid] != nil
    else { return }
    sound?.screenings[id] = WatchedSound.Screening(sid: sid, since: now)
  }

  /// I-M5: an answered caller heard something of ours until now.
  func screeningSaid(_ id: UInt64) {
    guard let screening = sound?.screenings.removeValue(forKey: id),
      let leg = legOfSid[screening.sid], now - screening.since >= .seconds(2), !hostInterferes,
      let index = sound?.index[callers[legs[leg].caller].callID],
      let party = sound?.parties[index], party.ended == nil, party.listens, party.isHere,
      party.hasG711, party.changed < screening.since, sound?.scenario.hasMusic == false,
      sound?.scenario.earlyMedia == "single", callers[party.caller].isAcknowledged,
      legs[leg].dial == callers[party.caller].dialsEnded, callers[party.caller].left == nil,
      let answered = callers[party.caller].answered, answered < screening.since
    else { return }
    if party.spokenTo.map({ now - $0 > .milliseconds(100) }) ?? true {
      fail(.ringing, "\(legs[leg].target) is screened, and \(partyName(party)) hears nothing")
    }
  }
}
