import RCMLBasics
import RCMLMedia

/// Video that is passed on: octet for octet, and only to whom it is meant for (I-M1, I-M2, I-S1).
extension Watch {
  func passedVideo(
    _ octets: [UInt8], of voice: Voice, _ packet: VirtualMedia.Packet, at address: SocketAddress,
    to receiver: Voice?
  ) {
    guard let receiver, let index = partyIndex(receiver), let party = sound?.parties[index],
      let named = party.named
    else {
      return fail(.onlyToThem, "video went to \(address.low):\(address.port): nobody is there")
    }
    let name = partyName(party)
    if let why = party.ended { return fail(.onlyToThem, "\(name) was sent video after \(why)") }
    // As sound does, it goes where its own comes from (failures A8).
    let isFound = address == receiver.videoNamed && receiver.videoArrivals >= 4
    guard named.videoAddress == address || party.early.contains(audio(of: address)) || isFound
    else {
      return fail(.onlyToThem, "\(name) was sent video to port \(address.port), and named another")
    }
    if let speaker = partyIndex(voice) { sound?.parties[speaker].unseen = 0 }
    heard(voice, party)
    if packet.isControl {
      if octets != packet.octets { fail(.exactAudio, "a report of \(voice.number) was changed") }
      return
    }
    if !named.watches, !party.early.contains(audio(of: address)) {
      return fail(
        .onlyToThem, "\(name) wants no video (\(named.videoDirection)), and was sent some")
    }
    var expected = octets
    expected[1] = octets[1] & 0x80 | packet.octets[1] & 0x7f
    let type = packet.octets[1] & 0x7f
    guard expected == packet.octets,
      named.videoName(of: type) == Voice.videoName(octets[1] & 0x7f)
    else { return fail(.exactAudio, "video of \(voice.number) was passed on as another") }
    sound?.pictures += 1
  }

  private func audio(of address: SocketAddress) -> SocketAddress {
    var address = address
    address.port &-= Phone.videoOffset
    return address
  }

  /// Nobody saw it. Where both were told that there is video that may not be.
  func lostVideo(of voice: Voice) {
    guard let index = partyIndex(voice), mustPass(voice, index), let party = sound?.parties[index],
      party.isFilmed, party.named?.films ?? false, let other = partner(of: index),
      let partner = sound?.parties[other], partner.isFilmed, let named = partner.named,
      named.watches, named.videoAddress != nil, Watch.shows(voice, named)
    else { return }
    sound?.parties[index].unseen += 1
    if sound?.parties[index].unseen ?? 0 >= 20 {
      fail(.exactAudio, "\(partyName(party)) films, and nobody sees it")
    }
  }

  /// An answer that names another codec than the offer is no video.
  private static func shows(_ voice: Voice, _ named: VoiceDescription) -> Bool {
    voice.script.video.contains { number in
      named.videoFormats.contains { $0.name == Voice.videoName(number) }
    }
  }
}
