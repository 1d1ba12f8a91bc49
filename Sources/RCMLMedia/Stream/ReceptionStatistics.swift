import RCMLBasics

/// What a receiver knows about a source (RFC 3550 appendices A.1, A.3, A.8).
package struct ReceptionStatistics: Hashable, Sendable {
  package private(set) var source: UInt32 = 0
  package private(set) var packets: UInt64 = 0
  /// Estimate of the variation of the time between packets, in timestamp units.
  package var jitter: UInt32 { jitterTimes16 >> 4 }

  private var cycles: UInt32 = 0
  private var first: UInt16 = 0
  private(set) var highest: UInt16 = 0
  private var transit: Int32 = 0
  private var jitterTimes16: UInt32 = 0
  private var expectedBefore: Int64 = 0
  private var receivedBefore: Int64 = 0
  private var received: Int64 = 0

  package init() {}

  /// Timestamps count 8,000 a second: only of such clocks do we report.
  mutating func take(_ header: RTPHeader, at now: Instant) {
    packets &+= 1
    let arrival = UInt32(truncatingIfNeeded: now.nanoseconds / 125_000)
    let transitNow = Int32(bitPattern: arrival &- header.timestamp)
    guard header.source == source, received > 0 else {
      source = header.source
      first = header.sequence
      highest = header.sequence
      (cycles, jitterTimes16, expectedBefore, receivedBefore, received) = (0, 0, 0, 0, 1)
      transit = transitNow
      return
    }
    received += 1
    let step = Int16(bitPattern: header.sequence &- highest)
    if step > 0 {
      if header.sequence < highest { cycles &+= 1 << 16 }
      highest = header.sequence
    }
    let difference = (transitNow &- transit).magnitude
    transit = transitNow
    // A source that jumps in its own time says nothing about the network.
    if difference < 8_000 {
      jitterTimes16 = jitterTimes16 &+ difference &- ((jitterTimes16 &+ 8) >> 4)
    }
  }

  var extendedHighest: UInt32 { cycles &+ UInt32(highest) }
  private var expected: Int64 { Int64(extendedHighest) - Int64(first) + 1 }
  package var lost: Int { received == 0 ? 0 : Int(clamping: expected - received) }

  /// Share of packets lost since the last report, in 1/256.
  mutating func fractionLost() -> UInt8 {
    let expectedNow = expected - expectedBefore
    let receivedNow = received - receivedBefore
    expectedBefore = expected
    receivedBefore = received
    let lostNow = expectedNow - receivedNow
    guard expectedNow > 0, lostNow > 0 else { return 0 }
    return UInt8(clamping: (lostNow << 8) / expectedNow)
  }
}
