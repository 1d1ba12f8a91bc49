import RCMLBasics
import RCMLMedia

/// Where the voices of a world send from, and strangers who send in their name (spec U-67).
extension World {
  /// A voice begins to listen somewhere.
  func place(_ voice: Voice) {
    voice.signalling = phones[voice.phone].address
    if let sender = voice.script.source.sender(
      of: voice.number, at: phones[voice.phone].address, round: 0)
    {
      voice.sendsFrom = sender
      voiceIndex[sender] = voice.number
    }
  }

  /// It named another place.
  func move(_ voice: Voice, to named: SocketAddress) {
    guard voice.named != named else { return }
    voice.named = named
    guard voice.script.source.origin == .named else { return }
    guard voice.script.source.lingers > 0 else { return arrive(voice, at: named) }
    agenda.add(
      .sound(.sendsFrom(voice: voice.number, named)),
      at: now + .milliseconds(voice.script.source.lingers))
  }

  /// What it sends comes from there, from now on.
  func arrive(_ voice: Voice, at address: SocketAddress) { voice.sendsFrom = address }

  /// Its NAT forgot it, and gives it another port.
  func rebind(_ voice: Voice) {
    voice.rounds += 1
    guard
      let sender = voice.script.source.sender(
        of: voice.number, at: phones[voice.phone].address, round: voice.rounds)
    else { return }
    voice.sendsFrom = sender
    voice.reboundAt = now
    voiceIndex[sender] = voice.number
  }

  /// Packets in a row from a stranger to every port, as of one who looks for a call to join: enough to be believed
  /// where nobody is vouched for, so there it sends no more than three.
  func spray() {
    guard let sound = scenario.sound else { return }
    let takesAnybody =
      sound.lock == "any" || (sound.callers + sound.callees).contains { $0.source.namesInner }
    for (place, port) in media.openPorts.enumerated() {
      for step in 0..<(takesAnybody ? 3 : 8) {
        var octets = [UInt8](repeating: 0x55, count: 172)
        let header = RTPHeader(
          payloadType: 0, marker: false, sequence: UInt16(step), timestamp: UInt32(step) * 160,
          source: UInt32(truncatingIfNeeded: now.nanoseconds) ^ UInt32(place))
        octets.withUnsafeMutableBytes { _ = header.write(to: $0) }
        packets += 1
        let from = SocketAddress(ipv4: 0x0a00_0707, port: 7_000)
        if media.receive(octets, from: from, port: port, at: now) != nil {
          watch.fail(.onlyToThem, "a stranger's packet was passed on")
        }
        _ = media.receive(octets, from: from, port: port + 1, at: now)
      }
    }
    hand(media.takeEvents(at: now))
    carryPackets()
  }

  /// Somebody behind the same NAT as a voice that is heard from there: as good a sender as that one, and second to it.
  func neighbour() {
    for voice in voices where voice.sendsFrom != voice.named {
      guard let target = voice.target, let speech = voice.speech, watch.isBelieved(voice),
        media.stream(atPort: target.port) != nil
      else { continue }
      var from = voice.sendsFrom
      from.port = 7_000
      for step in 0..<8 {
        var octets = [UInt8](repeating: 0x55, count: 172)
        let header = RTPHeader(
          payloadType: speech.number, marker: false, sequence: UInt16(step),
          timestamp: UInt32(step) * 160,
          source: UInt32(truncatingIfNeeded: now.nanoseconds) ^ UInt32(voice.number))
        octets.withUnsafeMutableBytes { _ = header.write(to: $0) }
        packets += 1
        let before = media.engine.counters
        let forward = media.receive(octets, from: from, port: target.port, at: now)
        let after = media.engine.counters
        let isRefused = before.strange != after.strange || before.unwanted != after.unwanted
        watch.judgedNeighbour(of: voice, isTaken: forward != nil || !isRefused)
      }
    }
    hand(media.takeEvents(at: now))
    carryPackets()
  }
}
