import RCMLBasics
import RCMLMedia

/// Packets, commands and time in any order (failures A9): nothing traps, and nothing is sent to an address that no
/// description named and no lock found (invariant I-M2).
private struct Player {
  private static let phones = (0..<4).map {
    SocketAddress(ipv4: 0x0a00_0001 + UInt32($0), port: 4_000)
  }
  private let engine = MediaEngine(
    random: RandomSource(seed: 1), wall: WallClock(unixMicroseconds: 0, at: Instant(nanoseconds: 0))
  )
  private var now = Instant(nanoseconds: 1_000_000_000)
  private var input: UnsafeBufferPointer<UInt8>
  private var place = 0

  init(_ input: UnsafeBufferPointer<UInt8>) {
    self.input = input
    for slot in 0..<3 { engine.open(MediaID(UInt64(slot)), slot: slot, at: now) }
    engine.keep(SoundID(1), Tone.beep)
  }

  private mutating func octet() -> UInt8 {
    guard place < input.count else { return 0 }
    defer { place += 1 }
    return input[place]
  }

  private mutating func number() -> UInt64 { UInt64(octet()) << 8 | UInt64(octet()) }

  private mutating func octets() -> [UInt8] {
    let count = min(Int(number() % 1_600), input.count - place)
    defer { place += count }
    return Array(input[place..<place + count])
  }

  private mutating func media() -> MediaID { MediaID(UInt64(octet() & 3)) }
  private mutating func phone() -> SocketAddress { Self.phones[Int(octet() & 3)] }

  mutating func play() {
    while place < input.count {
      switch octet() % 12 {
      case 0, 1, 2: receive()
      case 3: control()
      case 4: now = now + .milliseconds(Int(number() % 1_000))
      case 5: perform(.describe(media(), description()))
      case 6: perform(.join(media(), media(), .init(withheldKey: octet() & 1 == 0 ? 0 : 42)))
      case 7: perform(.part(media()))
      case 8: perform(.play(media(), PlaybackID(UInt64(octet() & 3)), [item(), item()]))
      case 9: perform(.stop(PlaybackID(UInt64(octet() & 3))))
      case 10: record()
      default: reopen()
      }
      passTime()
    }
  }

  private func perform(_ command: MediaCommand) { engine.perform(command, at: now) }

  private mutating func receive() {
    var packet = octets()
    let (slot, from) = (Int(octet() & 3), phone())
    let count = packet.count
    packet += [UInt8](repeating: 0, count: PacketSecrecy.growth * 2)
    let (isSealed, change) = (octet() & 1 != 0, Int(octet()))
    packet.withUnsafeMutableBytes { room in
      let length = isSealed ? sealer.seal(room, count) ?? count : count
      // One in two is changed on its way.
      if change & 1 != 0, length > 0 { room[change % length] ^= 1 }
      let forward = engine.receive(
        slot: slot, from: from, packet: UnsafeMutableRawBufferPointer(rebasing: room[..<length]),
        growth: room.count - length, at: now)
      guard let forward else { return }
      precondition(forward.count <= length + PacketSecrecy.growth)
      precondition(Self.phones.contains(forward.to))
    }
  }

  private static let secrecy = (0..<2).compactMap { side -> SecureKey? in
    SecureKey(.aes128SHA80, [UInt8](repeating: UInt8(side), count: 30))
  }
  /// A phone with keys, whoever it is.
  private let sealer = PacketSecrecy(
    StreamSecrecy(incoming: secrecy[1], outgoing: secrecy[0]))

  private mutating func control() {
    let packet = octets()
    let (slot, from) = (Int(octet() & 3), phone())
    let forward = packet.withUnsafeBytes {
      engine.receiveControl(slot: slot, from: from, packet: $0, at: now)
    }
    precondition(forward.map { $0.count <= packet.count } ?? true)
  }

  private mutating func description() -> StreamDescription {
    var description = StreamDescription()
    let flags = octet()
    if flags & 1 != 0 { description.remote = phone() }
    description.control = description.remote
    description.sends = flags & 2 != 0
    description.receives = flags & 4 != 0
    description.sender.lock = [.once, .any, .off, .any][Int(flags >> 3 & 1) + Int(octet() & 2)]
    if flags & 64 != 0 { description.sender.signalling = phone() }
    description.sender.edition = UInt32(octet() & 3)
    description.packetTime = Int(octet())
    description.silenceLimit = .seconds(flags & 16 != 0 ? 1 : 0)
    description.isUntouched = flags & 32 != 0
    description.sender.isConfirmed = flags & 128 == 0
    if octet() & 1 != 0 {
      description.sender.secrecy = StreamSecrecy(
        incoming: Self.secrecy[0], outgoing: Self.secrecy[1])
    }
    let codecs: [AudioCodec] = [
      .pcmu, .pcma, .telephoneEvent(rate: 8_000), .comfortNoise, .other(Array("opus/48000/2".utf8)),
    ]
    for _ in 0..<octet() & 7 {
      let payload = StreamDescription.Payload(octet(), codecs[Int(octet()) % codecs.count])
      description.incoming.append(payload)
      if payload.number & 1 == 0 { description.outgoing.append(payload) }
    }
    return description
  }

  private mutating func item() -> PlayItem {
    switch octet() % 5 {
    case 0: .sound(SoundID(UInt64(octet() & 1)), times: Int(octet() & 3))
    case 1: .ringing(country: octet() & 1 == 0 ? "de" : "")
    case 2: .silence(milliseconds: Int(octet()) - 8)
    case 3: .digits([octet(), UInt8(ascii: "5")])
    default: .beep
    }
  }

  private mutating func record() {
    let flags = octet()
    let id = RecordingID(UInt64(flags & 1))
    if flags & 2 != 0 { return perform(.endRecording(id)) }
    if flags & 4 != 0 { return engine.recordingFailed(id, at: now) }
    perform(
      .record(
        id,
        RecordingPlan(
          left: media(), right: flags & 8 != 0 ? media() : nil, channels: Int(flags >> 4 & 3),
          silence: .seconds(Int(flags >> 6)), maximum: .seconds(Int(flags >> 5 & 1))), path: ""))
  }

  private mutating func reopen() {
    let id = media()
    perform(.close(id))
    if octet() & 1 == 0 { engine.open(id, slot: Int(octet() & 3), at: now) }
  }

  private func passTime() {
    var rounds = 0
    while let deadline = engine.nextDeadline, deadline <= now, rounds < 100 {
      engine.timePassed(at: now)
      rounds += 1
    }
    precondition(rounds < 100, "time does not pass")
    for entry in engine.outbox.entries { precondition(Self.phones.contains(entry.to)) }
    engine.clearOutbox()
    while engine.nextOutput() != nil {}
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c public func LLVMFuzzerTestOneInput(_ octets: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  var player = Player(UnsafeBufferPointer(start: octets, count: count))
  player.play()
  return 0
}
