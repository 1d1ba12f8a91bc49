import RCMLBasics
import Testing

@testable import RCMLMedia

/// Frames of a host's party as the packets of a phone, and packets as frames.
struct FramePortTests {
  private static func port(_ media: HostMedia) throws -> FramePort {
    var random = RandomSource(seed: 3)
    return try #require(FramePort(media, random: &random))
  }

  /// A packet of 20 ms, or of `octets` octets, all of one value.
  private static func packet(
    _ number: Int, octets: Int = 160, value: UInt8? = nil, payload: UInt8 = 0
  ) -> [UInt8] {
    var packet = [UInt8](repeating: value ?? UInt8(0x80 + number % 64), count: 12 + octets)
    let header = RTPHeader(
      payloadType: payload, marker: false, sequence: UInt16(number),
      timestamp: UInt32(number * octets), source: 7)
    packet.withUnsafeMutableBytes { _ = header.write(to: $0) }
    return packet
  }

  private static func take(_ packet: [UInt8], _ port: FramePort) {
    packet.withUnsafeBytes { port.take($0) }
  }

  private static func pull(_ port: FramePort) -> [UInt8]? {
    var frame = [UInt8](repeating: 0, count: port.media.frameOctets)
    return frame.withUnsafeMutableBytes { port.pull(into: $0) } ? frame : nil
  }

  @Test(arguments: [HostMedia.linear16, .pcmu, .pcma])
  func aFrameBecomesAPacketOfThePhoneItStandsFor(media: HostMedia) throws {
    // RFC 3551 §4.5.14
    let port = try Self.port(media)
    let law: G711.Law = media == .pcma ? .a : .mu
    var headers: [RTPHeader] = []
    for number in 0..<5 {
      let frame: [UInt8] =
        media == .linear16
        ? (0..<160).flatMap { _ in withUnsafeBytes(of: Int16(1_000)) { Array($0) } }
        : Array(repeating: G711.encode(1_000, law), count: 160)
      let payload = frame.withUnsafeBytes { octets in
        port.push(octets, at: Instant(nanoseconds: UInt64(number) * 20_000_000)) { packet in
          if let header = RTPHeader.read(UnsafeRawBufferPointer(packet)) { headers.append(header) }
          return Array(packet[12...])
        }
      }
      #expect(payload == Array(repeating: G711.encode(1_000, law), count: 160))
    }
    #expect(headers.map(\.payloadType) == Array(repeating: law.rawValue, count: 5))
    for (one, next) in zip(headers, headers.dropFirst()) {
      #expect(next.sequence == one.sequence &+ 1 && next.timestamp == one.timestamp &+ 160)
      #expect(next.source == one.source)
    }
    #expect(headers.map(\.marker) == [true, false, false, false, false])
  }

  @Test func aPauseOfTheHostIsAPauseOfThePhone() throws {
    let port = try Self.port(.pcmu)
    let frame = [UInt8](repeating: 0xff, count: 160)
    func header(at milliseconds: UInt64) throws -> RTPHeader {
      let read = frame.withUnsafeBytes { octets in
        port.push(octets, at: Instant(nanoseconds: milliseconds * 1_000_000)) {
          RTPHeader.read(UnsafeRawBufferPointer($0))
        }
      }
      return try #require(read ?? nil)
    }
    let first = try header(at: 0)
    let second = try header(at: 1_000)
    #expect(second.timestamp == first.timestamp &+ 8_000)
    #expect(second.sequence == first.sequence &+ 1 && second.marker)
  }

  @Test func whatIsNoFrameIsNotTaken() throws {
    let port = try Self.port(.linear16)
    for count in [0, 1, 159, 160, 319, 321, 640] {
      let octets = [UInt8](repeating: 0, count: count)
      let taken: Void? = octets.withUnsafeBytes {
        port.push($0, at: Instant(nanoseconds: 0)) { _ in }
      }
      #expect(taken == nil, "\(count)")
    }
    var random = RandomSource(seed: 1)
    #expect(FramePort(.sdp, random: &random) == nil)
  }

  @Test(arguments: [80, 160, 240, 320, 480])
  func aSteadyStreamIsHeardUntouchedWhateverItsPackets(octets: Int) throws {
    let port = try Self.port(.pcmu)
    #expect(Self.pull(port) == nil)
    var sent: [UInt8] = []
    var heard: [UInt8] = []
    var number = 0
    for _ in 0..<1_000 {
      // Packets come when they are due.
      while sent.count < heard.count + max(160, octets) {
        let packet = Self.packet(number, octets: octets)
        sent += packet[12...]
        Self.take(packet, port)
        number += 1
      }
      heard += try #require(Self.pull(port))
    }
    // Behind the cushion every sample is there; µ-law has two zeros, so not the octets are compared.
    let decode = { (octet: UInt8) in G711.decode(octet, .mu) }
    let isSame =
      heard.dropFirst(FramePlayout.cushion + 40).map(decode)
      == sent.dropFirst(40).prefix(heard.count - FramePlayout.cushion - 40).map(decode)
    #expect(isSame)
  }

  @Test func packetsOutOfOrderAndDoubledAreHeardOnceAndInOrder() throws {
    let port = try Self.port(.pcmu)
    var heard: [UInt8] = []
    for pair in stride(from: 0, to: 200, by: 2) {
      for number in [pair + 1, pair, pair] { Self.take(Self.packet(number), port) }
      for _ in 0..<2 { heard += try #require(Self.pull(port)) }
    }
    let steps = stride(from: 400, to: heard.count, by: 160).map { heard[$0] }
    for (one, next) in zip(steps, steps.dropFirst()) {
      #expect(next == (one - 0x80 + 1) % 64 + 0x80, "\(one) is followed by \(next)")
    }
  }

  @Test func aLostPacketIsMadeUpForAndTheNextIsInItsPlace() throws {
    let port = try Self.port(.linear16)
    let loud = G711.encode(8_000, .mu)
    var heard: [Int16] = []
    for number in 0..<40 {
      if number != 20 { Self.take(Self.packet(number, value: loud), port) }
      let octets = try #require(Self.pull(port))
      heard += octets.withUnsafeBytes { Array($0.bindMemory(to: Int16.self)) }
    }
    let level = G711.decode(loud, .mu)
    let settled = FramePlayout.cushion + 40
    // The hole is filled with what was heard before, fading; a step down to nothing would be a click.
    let changed = heard.indices.filter { $0 >= settled && heard[$0] != level }
    let hole = (FramePlayout.cushion + 20 * 160)..<(FramePlayout.cushion + 21 * 160 + 40)
    #expect(!changed.isEmpty && changed.allSatisfy(hole.contains))
    #expect(heard[settled...].min() ?? 0 > level / 2)
  }

  @Test func packetsThatComeUnsteadilyAreHeardInFullOnceTheDelayHasGrown() throws {
    let port = try Self.port(.pcmu)
    var random = RandomSource(seed: 5)
    var due: [(at: Int, packet: [UInt8])] = []
    // Up to 100 ms late, in steps of a millisecond.
    for number in 0..<1_500 {
      due.append((number * 20 + Int(random.next() % 100), Self.packet(number)))
    }
    due.sort { $0.at < $1.at }
    var heard: [UInt8] = []
    var place = 0
    for tick in 0..<1_500 {
      while place < due.count, due[place].at <= tick * 20 {
        Self.take(due[place].packet, port)
        place += 1
      }
      if let frame = Self.pull(port) { heard += frame }
    }
    // In the last twenty seconds every frame is the one after the one before.
    let rest = heard.suffix(160_000)
    let steps = stride(from: rest.startIndex, to: rest.endIndex, by: 1).map { rest[$0] }
    var changes = 0
    for (one, next) in zip(steps, steps.dropFirst()) where one != next {
      changes += 1
      #expect(next == (one - 0x80 + 1) % 64 + 0x80, "\(one) is followed by \(next)")
    }
    #expect((998...1_000).contains(changes))
  }

  @Test func aDelayThatIsNoLongerNeededIsGivenBackInPauses() {
    var playout = FramePlayout()
    var room = [Int16](repeating: 0, count: 160)
    let silence = [UInt8](repeating: G711.encode(0, .mu), count: 160)
    func put(_ number: Int) {
      silence.withUnsafeBytes { playout.put($0, .mu, timestamp: UInt32(number * 160)) }
    }
    func take() { room.withUnsafeMutableBufferPointer { playout.take(into: $0) } }
    // One packet comes 150 ms late, once; then all come in time.
    put(0)
    for _ in 0..<8 { take() }
    for number in 1..<9 { put(number) }
    take()
    #expect(playout.level > 800)
    for number in 9..<1_300 {
      put(number)
      take()
    }
    #expect(playout.level <= FramePlayout.cushion + FramePlayout.step + 160)
  }

  @Test func timestampsThatJumpBeginAnew() {
    var playout = FramePlayout()
    var room = [Int16](repeating: 0, count: 160)
    let loud = [UInt8](repeating: G711.encode(9_000, .mu), count: 160)
    for start in [UInt32(0), 4_000_000, UInt32.max - 100, 17] {
      for number in 0..<5 {
        loud.withUnsafeBytes {
          playout.put($0, .mu, timestamp: start &+ UInt32(number) &* 160)
        }
        room.withUnsafeMutableBufferPointer { playout.take(into: $0) }
      }
      #expect(room.allSatisfy { $0 == G711.decode(loud[0], .mu) }, "\(start)")
      #expect(playout.level <= FramePlayout.delayLimit)
    }
  }

  @Test func whatIsNotTheCodecOfThePartyIsNotForIt() throws {
    let port = try Self.port(.pcma)
    Self.take(Self.packet(0, payload: 0), port)
    Self.take([1, 2, 3], port)
    Self.take([], port)
    Self.take(Array(repeating: 0xff, count: 172), port)
    #expect(Self.pull(port) == nil)
  }

  @Test func anythingInAPacketIsSurvived() throws {
    let port = try Self.port(.pcmu)
    var random = RandomSource(seed: 9)
    for _ in 0..<2_000 {
      var packet = (0..<Int(random.next() % 400)).map { _ in
        UInt8(truncatingIfNeeded: random.next())
      }
      if packet.count > 1 {
        packet[0] = 0x80
        packet[1] &= 0x80
      }
      Self.take(packet, port)
      if random.next() % 2 == 0 { _ = Self.pull(port) }
    }
  }
}
