import RCMLBasics
import Testing

@Suite struct RandomSourceTests {
  /// RFC 8439 appendix A.1, vectors 1 and 2: key and nonce zero, blocks 0 and 1.
  @Test func drawsTheKeystreamOfChaCha20() {
    var random = RandomSource(seed: [UInt8](repeating: 0, count: 32))
    let first = (0..<8).map { _ in random.next() }
    #expect(
      first == [
        0x903d_f1a0_ade0_b876, 0x28bd_8653_e56a_5d40, 0x1aed_8da0_b819_d2bd,
        0xc70d_778b_ccef_36a8, 0x8d48_5751_7c59_41da, 0x374a_d8b8_3fe0_2477,
        0x1ca1_1815_f4b8_436a, 0x8665_eeb2_69b6_87c3,
      ])
    #expect(random.next() == 0x7a38_5155_bee7_079f)
  }

  @Test func theSameSeedDrawsTheSame() {
    var one = RandomSource(seed: 42)
    var other = RandomSource(seed: 42)
    for _ in 0..<100 { #expect(one.next() == other.next()) }
  }

  @Test func aSplitStreamDoesNotShiftItsParent() {
    var one = RandomSource(seed: 7)
    var other = RandomSource(seed: 7)
    var child = one.split()
    _ = other.split()
    for _ in 0..<50 { _ = child.next() }
    #expect(one.next() == other.next())
  }
}
