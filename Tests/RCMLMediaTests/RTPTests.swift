import RCMLMedia
import Testing

@Suite struct RTPTests {
  private func read(_ octets: [UInt8]) -> RTPHeader? {
    octets.withUnsafeBytes { RTPHeader.read($0) }
  }

  @Test func aHeaderIsReadAsItWasWritten() throws {
    let header = RTPHeader(
      payloadType: 101, marker: true, sequence: 0xfffe, timestamp: 0x8000_0001, source: 0xdead_beef)
    var packet = [UInt8](repeating: 0, count: 16)
    let written = packet.withUnsafeMutableBytes { header.write(to: $0) }
    #expect(written)
    let back = try #require(read(packet))
    #expect(back.payload == 12..<16)
    #expect(back.sequence == 0xfffe && back.marker && back.source == 0xdead_beef)
    #expect(
      back.distance(
        to: RTPHeader(
          payloadType: 0, marker: false, sequence: 1, timestamp: 0, source: 0)) == 3)
  }

  /// RFC 3550 §5.1: contributing sources, extension and padding are not payload.
  @Test func extensionAndPaddingAreLeftOut() throws {
    var packet: [UInt8] = [0xb1, 0] + [UInt8](repeating: 0, count: 10)
    packet += [1, 2, 3, 4]  // one contributing source
    packet += [0xbe, 0xde, 0, 1, 9, 9, 9, 9]  // extension of one word
    packet += [7, 7, 7, 0, 0, 3]  // three octets of payload, three of padding
    #expect(try #require(read(packet)).payload == 24..<27)
  }

  @Test func lengthsThatDoNotFitAreRefused() {
    let start = [UInt8](repeating: 0, count: 10)
    #expect(read([]) == nil)
    #expect(read([0x40, 0] + start) == nil)
    #expect(read([0x8f, 0] + start) == nil)
    #expect(read([0x90, 0] + start) == nil)
    #expect(read([0x90, 0] + start + [0, 0, 0xff, 0xff]) == nil)
    #expect(read([0xa0, 0] + start + [200]) == nil)
    #expect(read([0xa0, 0] + start + [0]) == nil)
  }

  /// Every truncation and every value of the first octet: refused or read, never a trap.
  @Test func noPacketTraps() {
    let packet = [UInt8](repeating: 0xff, count: 40)
    for length in 0...40 {
      for first in UInt8.min...UInt8.max {
        var torn = Array(packet[..<length])
        if !torn.isEmpty { torn[0] = first }
        if let header = read(torn) { #expect(header.payload.upperBound <= length) }
      }
    }
  }

  /// RFC 4733 §2.5.1.4; failures H4.
  @Test func aKeyIsCountedOnceWhateverCopiesArrive() throws {
    var collector = DigitCollector()
    var keys: [UInt8] = []
    func arrive(_ key: Character, at timestamp: UInt32, end: Bool = false) {
      let event = TelephoneEvent(key: key.asciiValue ?? 0, isEnd: end, duration: 160)
      let header = RTPHeader(
        payloadType: 101, marker: false, sequence: 0, timestamp: timestamp, source: 5)
      if let taken = collector.take(event, of: header) { keys.append(taken) }
    }
    arrive("1", at: 0xffff_ff00)
    arrive("1", at: 0xffff_ff00, end: true)
    arrive("1", at: 0xffff_ff00, end: true)
    arrive("1", at: 0x0000_0400, end: true)  // the start was lost, and the timestamp wrapped
    arrive("1", at: 0xffff_ff00, end: true)  // a late copy of the first press
    arrive("#", at: 0x0000_0800)
    #expect(keys == [UInt8]("11#".utf8))
  }

  @Test func anEventIsReadAsItWasWritten() throws {
    for key in [UInt8]("0123456789*#ABCD".utf8) {
      let event = TelephoneEvent(key: key, isEnd: true, volume: 63, duration: 0xfedc)
      let octets = try #require(event.octets)
      #expect(octets.withUnsafeBytes { TelephoneEvent.read($0) } == event)
    }
    #expect(TelephoneEvent(key: 0x61, isEnd: false, duration: 0).octets == nil)
    #expect(([16, 0, 0, 0] as [UInt8]).withUnsafeBytes { TelephoneEvent.read($0) } == nil)
    #expect(([1, 0, 0] as [UInt8]).withUnsafeBytes { TelephoneEvent.read($0) } == nil)
  }
}
