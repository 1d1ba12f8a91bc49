import RCMLBasics
import RCMLMedia

/// The sound of a phone in one call: where it listens, where it sends, and its packets. Every payload is made of its
/// number and a serial number, so that each octet that arrives anywhere can be told to be right.
final class Voice {
  let number: Int
  let phone: Int
  let callID: [UInt8]
  /// The phone's count of the call and of the fork.
  let call: Int
  let fork: Int
  let script: VoiceScript
  /// Where it says it listens, and where its packets come from.
  var named: SocketAddress
  var sendsFrom: SocketAddress
  /// Where its phone's signalling comes from.
  var signalling: SocketAddress
  /// Ports its NAT has given it, and when it did so last.
  var rounds = 0
  var reboundAt: Instant?
  /// Packets in a row that were not believed.
  var deaf = 0
  /// By the address they came from: when the last four came.
  private var arrivals: [SocketAddress: [Instant]] = [:]
  /// When it was first believed there.
  private var beliefs: [SocketAddress: Instant] = [:]
  private(set) var lastBelief: (address: SocketAddress, at: Instant)?
  /// Where our last description wants its sound; nil = not here.
  private(set) var target: SocketAddress?
  private(set) var speech: (number: UInt8, name: String)?
  private(set) var eventNumber: UInt8?
  /// Where it says its video goes, where ours is, and as what.
  var videoNamed: SocketAddress?
  private(set) var videoTarget: SocketAddress?
  private(set) var videoNumber: UInt8?
  var dice: Dice
  /// Packets of its video that got as far as a port of ours.
  var videoArrivals = 0
  private(set) var serial: UInt16 = 0
  private(set) var source: UInt32
  private var sequence: UInt16
  private var clock: UInt32
  private var videoSequence: UInt16 = 0
  private var lost = 0
  private(set) var presses = 0
  /// Its script has begun.
  var isStarted = false
  /// A burst is under way.
  var isSpeaking = false
  /// Which party of the checkers it is.
  var party: Int?

  init(
    number: Int, phone: Int, callID: [UInt8], call: Int, fork: Int, script: VoiceScript,
    named: SocketAddress, dice: Dice
  ) {
    self.number = number
    self.phone = phone
    self.callID = callID
    self.call = call
    self.fork = fork
    self.script = script
    self.named = named
    self.dice = dice
    sendsFrom = named
    signalling = named
    source = UInt32(truncatingIfNeeded: self.dice.next())
    sequence = UInt16(truncatingIfNeeded: self.dice.next())
    clock = UInt32(truncatingIfNeeded: self.dice.next())
  }

  /// True: it did not know before.
  func learn(_ description: VoiceDescription) -> Bool {
    let wasLost = target == nil
    guard let address = description.address, address.low == World.agentAddress.low,
      description.direction != "inactive"
    else {
      target = nil
      videoTarget = nil
      return false
    }
    target = address
    let own = script.formats.map(Voice.name)
    speech = description.formats.first { own.contains($0.name) }.map { ($0.number, $0.name) }
    eventNumber = script.eventType == 0 ? nil : description.number(of: "telephone-event")
    let films = script.video.map(Voice.videoName)
    videoNumber = description.videoFormats.first { films.contains($0.name) }?.number
    videoTarget = videoNamed == nil || !description.watches ? nil : description.videoAddress
    return wasLost
  }

  /// A packet of it got as far as a port of ours.
  func note(arrivalFrom address: SocketAddress, at now: Instant) {
    arrivals[address] = (arrivals[address] ?? []).suffix(3) + [now]
  }

  /// A packet from there was taken.
  func note(believedAt address: SocketAddress, at now: Instant) {
    if beliefs[address] == nil { beliefs[address] = now }
    lastBelief = (address, now)
  }

  func wasBelieved(at address: SocketAddress, before instant: Instant) -> Bool {
    beliefs[address].map { $0 < instant } ?? false
  }

  /// When the first of the last four packets from there came; nil = there were not as many.
  func fourth(from address: SocketAddress) -> Instant? {
    arrivals[address].flatMap { $0.count == 4 ? $0.first : nil }
  }

  static func name(_ number: UInt8) -> String {
    number == 0 ? "pcmu" : number == 8 ? "pcma" : "g722"
  }

  static func videoName(_ number: UInt8) -> String { number == 98 ? "vp8" : "h264" }

  /// A piece of a picture that begins anew every third packet; nil = it has no video.
  func film(at now: Instant) -> [UInt8]? {
    guard let videoNumber else { return nil }
    videoSequence &+= 1
    var octets = [UInt8](repeating: 0, count: 12)
    let header = RTPHeader(
      payloadType: videoNumber, marker: videoSequence % 3 == 0, sequence: videoSequence,
      timestamp: UInt32(videoSequence / 3) &* 3_000, source: ~source)
    octets.withUnsafeMutableBytes { _ = header.write(to: $0) }
    return octets + (0..<200).map { Voice.octet(number, videoSequence, $0) }
  }

  /// It wants a whole picture (RFC 4585 §6.3.1).
  func feedback() -> [UInt8] {
    [0x81, 206, 0, 2, UInt8(truncatingIfNeeded: number), 0, 0, 1, 0, 0, 0, 2]
  }

  /// Between two bursts.
  func beginSpurt() {
    if dice.chance(script.faults.newSource) {
      source = UInt32(truncatingIfNeeded: dice.next())
      sequence = UInt16(truncatingIfNeeded: dice.next())
    }
    if dice.chance(script.faults.jump) { clock &+= UInt32(truncatingIfNeeded: dice.next()) }
    if dice.chance(script.faults.burst) { lost = dice.within(2...20) }
  }

  /// What is said at `now`; nil = it cannot speak, or the packet is lost.
  func speak(at now: Instant) -> [UInt8]? {
    guard let speech else { return nil }
    serial &+= 1
    let count = script.speechTime * 8
    var octets = header(speech.number, timestamp(at: now), count)
    if script.isQuiet {
      octets += repeatElement(speech.name == "pcma" ? 0xd5 : 0xff, count: count)
    } else {
      for place in 0..<count { octets.append(Voice.octet(number, serial, place)) }
    }
    if lost > 0 {
      lost -= 1
      return nil
    }
    return octets
  }

  /// Number, serial number, and what follows from them.
  static func octet(_ voice: Int, _ serial: UInt16, _ place: Int) -> UInt8 {
    switch place {
    case 0: return UInt8(truncatingIfNeeded: voice)
    case 1: return UInt8(serial >> 8)
    case 2: return UInt8(truncatingIfNeeded: serial)
    default:
      // Two voices, or two packets of one, have nothing in common: they are told apart in their sum, too.
      var mixed =
        UInt32(serial) &* 0x9e37_79b1 &+ UInt32(voice) &* 0x27d4_eb2f
        &+ UInt32(place) &* 0x85eb_ca6b
      mixed = (mixed ^ mixed >> 15) &* 0x2c1b_3c6d
      mixed = (mixed ^ mixed >> 12) &* 0x297a_2d39
      return UInt8(truncatingIfNeeded: mixed ^ mixed >> 15)
    }
  }

  func beginPress(at now: Instant) -> UInt32 {
    presses += 1
    return timestamp(at: now)
  }

  /// One packet of a press that began at `timestamp`.
  func event(_ key: UInt8, step: Int, _ timestamp: UInt32) -> [UInt8]? {
    guard let eventNumber,
      let payload = TelephoneEvent(
        key: key, isEnd: step > 5, duration: UInt16(min(step, 5) * 160)
      ).octets
    else { return nil }
    return header(eventNumber, timestamp, 4) + payload
  }

  private func timestamp(at now: Instant) -> UInt32 {
    clock &+ UInt32(truncatingIfNeeded: now.nanoseconds / 125_000)
  }

  private func header(_ type: UInt8, _ timestamp: UInt32, _ count: Int) -> [UInt8] {
    sequence &+= 1
    var octets = [UInt8](repeating: 0, count: 12)
    octets.reserveCapacity(12 + count)
    let header = RTPHeader(
      payloadType: type, marker: false, sequence: sequence, timestamp: timestamp, source: source)
    octets.withUnsafeMutableBytes { _ = header.write(to: $0) }
    return octets
  }
}
