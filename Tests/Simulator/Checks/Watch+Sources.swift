import RCMLBasics

/// Nobody is deaf and nobody is overheard: whose packets are believed, and where ours go (I-M6, spec U-67). A second
/// reading of the clause, from the outside.
extension Watch {
  /// How long a word may be under way, or an exchange of them.
  private static let settled = Interval.milliseconds(200)
  /// What was named before is no candidate for so long, and four packets need some time.
  private static let learned = Interval.seconds(3)
  private static let youth = Interval.seconds(2)
  /// Packets in a row that are refused; loss and other sources may cost some.
  private static let deafLimit = 30

  /// What an address is worth for a party: 1 the one it names, 2 the machine its signalling comes from, 3 the machine it
  /// names, 4 any other; nil = nothing.
  func rank(of sender: SocketAddress, _ voice: Voice, named: SocketAddress) -> Int? {
    if sender == named { return 1 }
    guard let lock = sound?.scenario.lock, lock != "off" else { return nil }
    if sender.low == voice.signalling.low { return 2 }
    if sender.low == named.low { return 3 }
    let isInner = named.low >> 16 == 0xc0a8 || named.low >> 24 == 10
    return lock == "any" || isInner && named.low != voice.signalling.low ? 4 : nil
  }

  /// A packet that was not cut off came to the party's port.
  func judged(_ voice: Voice, from: SocketAddress, isStrange: Bool) {
    guard let index = partyIndex(voice), let party = sound?.parties[index], let place = party.place,
      let named = party.named?.address, party.ended == nil, !hostInterferes,
      party.leg == nil || !party.tag.isEmpty
    else { return }
    sound?.parties[index].voices.insert(voice.number)
    if !isStrange {
      voice.deaf = 0
      voice.note(believedAt: from, at: now)
    }
    if from == named {
      if !isStrange, party.spoke == nil { sound?.parties[index].spoke = now }
      if isStrange, now - max(place.since, party.changed) > Watch.settled {
        fail(.believed, "\(partyName(party)) sends from where it says, and is not believed")
      }
      return
    }
    let age = now - place.since
    if !isStrange, from == place.former || voice.wasBelieved(at: from, before: place.since),
      age > Watch.settled, age < .milliseconds(1_800), party.voices.count < 2
    {
      return fail(
        .believed,
        "\(partyName(party)) is believed at port \(from.port), \(age.wholeMilliseconds) ms after it "
          + "named another")
    }
    guard isStrange, from == voice.sendsFrom, let rank = rank(of: from, voice, named: named),
      rank == 2 || rank == 3, party.spoke == nil, now - party.changed > Watch.learned,
      voice.reboundAt.map({ $0 < party.changed }) ?? true, party.voices.count < 2
    else { return }
    voice.deaf += 1
    if voice.deaf > Watch.deafLimit {
      fail(.believed, "\(partyName(party)) is vouched for (rank \(rank)), and is not found")
    }
  }

  /// It is heard from elsewhere than it says, and has been since it said so last.
  func isBelieved(_ voice: Voice) -> Bool {
    guard let index = partyIndex(voice), let party = sound?.parties[index], let place = party.place,
      let belief = voice.lastBelief, belief.address == voice.sendsFrom, party.ended == nil,
      party.voices.count < 2, party.leg == nil || !party.tag.isEmpty,
      rank(of: voice.sendsFrom, voice, named: place.address) ?? 1 > 1
    else { return false }
    return belief.at - max(place.since, party.changed) > Watch.settled
      && now - belief.at < .milliseconds(500)
  }

  /// An equal displaces nobody, and is heard by nobody.
  func judgedNeighbour(of voice: Voice, isTaken: Bool) {
    guard isTaken, let index = partyIndex(voice), let party = sound?.parties[index] else { return }
    fail(.believed, "\(partyName(party)) is believed, and so is another behind the same NAT")
  }

  /// A packet of ours to another place than the party names: only to one that was found there, and only while the named
  /// one has said nothing.
  func mayBeSent(_ voice: Voice, at address: SocketAddress, _ party: WatchedSound.Talker) -> Bool {
    guard let place = party.place else { return false }
    if let spoke = party.spoke, now - spoke > Watch.settled { return false }
    guard let fourth = voice.fourth(from: address),
      rank(of: address, voice, named: place.address) != nil
    else { return false }
    // Its first word is known to us before it is known here.
    guard let former = place.former else { return true }
    // What was named or believed before it named another place is no candidate for a while.
    let isFormer = address == former || voice.wasBelieved(at: address, before: place.since)
    return fourth >= place.since && !(isFormer && now - place.since < Watch.youth)
  }

  /// What it says now, and since when it names that place.
  func place(_ description: VoiceDescription, _ party: inout WatchedSound.Talker) {
    guard let address = description.address, party.place?.address != address else { return }
    party.place = WatchedSound.Place(address: address, since: now, former: party.place?.address)
    party.spoke = nil
  }
}
