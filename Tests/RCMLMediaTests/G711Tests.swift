import RCMLMedia
import Testing

@Suite struct G711Tests {
  /// Values of the tables of ITU-T G.711 (decoded to 16 bits).
  @Test func decodesTheCornersOfBothLaws() {
    #expect(G711.decode(0xff, .mu) == 0)
    #expect(G711.decode(0x7f, .mu) == 0)
    #expect(G711.decode(0x80, .mu) == 32_124)
    #expect(G711.decode(0x00, .mu) == -32_124)
    #expect(G711.decode(0xd5, .a) == 8)
    #expect(G711.decode(0x55, .a) == -8)
    #expect(G711.decode(0xaa, .a) == 32_256)
    #expect(G711.decode(0x2a, .a) == -32_256)
  }

  @Test(arguments: [G711.Law.mu, .a])
  func everyOctetSurvivesDecodingAndEncoding(law: G711.Law) {
    for octet in UInt8.min...UInt8.max {
      let sample = G711.decode(octet, law)
      // µ-law has two zeros; the encoder writes the positive one.
      if law == .mu && octet == 0x7f { continue }
      #expect(G711.encode(sample, law) == octet)
    }
  }

  /// No sample may be further off than half a step of its segment.
  @Test(arguments: [G711.Law.mu, .a])
  func encodingPicksTheNearestStep(law: G711.Law) {
    for value in stride(from: Int(Int16.min), through: Int(Int16.max), by: 7) {
      let sample = Int16(value)
      let back = Int(G711.decode(G711.encode(sample, law), law))
      let step = max(16, Int(sample.magnitude) / 16)
      #expect(abs(back - value) <= step, "\(value) came back as \(back)")
    }
  }

  @Test func transcodingThereAndBackStaysWithinOneStep() {
    for octet in UInt8.min...UInt8.max {
      let there = G711.transcode(octet, from: .mu)
      let back = G711.decode(G711.transcode(there, from: .a), .mu)
      let sample = Int(G711.decode(octet, .mu))
      #expect(abs(Int(back) - sample) <= max(24, abs(sample) / 8))
    }
  }
}
