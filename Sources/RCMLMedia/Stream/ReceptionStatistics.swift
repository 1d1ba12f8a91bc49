import RCMLBasics

/// What a receiver knows about a source (RFC 3550 appendices A.1, A.3, A.8).
public struct ReceptionStatistics: Hashable, Sendable {
  public private(set) var source: UInt32 = 0
  public private(set) var packets: UInt64 = 0
  /// Grows whenever the numbers start anew: with another source, or where one source jumps.
  private(set) var epoch: UInt32 = 0
  /// Estimate of the variation of the time between packets, in timestamp units.
  public var jitter: UInt32 { jitterTimes16 >> 4 }

  private var cycles: UInt32 = 0
  private var first: UInt16 = 0
  private(set) var highest: UInt16 = 0
  /// The number that would make the jump before it a new start.
  private var expectedAfterJump: UInt16?
  private var transit: Int32?
  private var jitterTimes16: UInt32 = 0
  private var expectedBefore: Int64 = 0
  private var receivedBefore: Int64 = 0
  private var received: Int64 = 0

  /// Further ahead, or further behind, a number is believed only with its follower (appendix A.1).
  private static let dropoutLimit: Int16 = 3_000
  private static let misorderLimit: Int16 = -100

  public init() {}

  /// False: a lone packet whose number is far from all others, to be left out. `rate` 0: its timestamp is no clock.
  mutating func take(_ header: RTPHeader, rate: UInt64, at now: Instant) -> Bool {
    if header.source != source || received == 0 {
      start(header)
    } else {
      let step = Int16(bitPattern: header.sequence &- highest)
      if step >= ReceptionStatistics.dropoutLimit || step <= ReceptionStatistics.misorderLimit {
        guard header.sequence == expectedAfterJump else {
          expectedAfterJump = header.sequence &+ 1
          return false
        }
        start(header)
      } else {
        received += 1
        if step > 0 {
          if header.sequence < highest { cycles &+= 1 << 16 }
          highest = header.sequence
        }
      }
    }
    packets &+= 1
    if rate > 0 { clock(header, rate, now) }
    return true
  }

  private mutating func start(_ header: RTPHeader) {
    source = header.source
    epoch &+= 1
    first = header.sequence
    highest = header.sequence
    expectedAfterJump = nil
    transit = nil
    (cycles, jitterTimes16, expectedBefore, receivedBefore, received) = (0, 0, 0, 0, 1)
  }

  private mutating func clock(_ header: RTPHeader, _ rate: UInt64, _ now: Instant) {
    let arrival = UInt32(truncatingIfNeeded: now.nanoseconds / 1_000 &* rate / 1_000_000)
    let transitNow = Int32(bitPattern: arrival &- header.timestamp)
    defer { transit = transitNow }
    guard let transit else { return }
    let difference = (transitNow &- transit).magnitude
    // A source that jumps in its own time says nothing about the network.
    if UInt64(difference) < rate {
      jitterTimes16 = jitterTimes16 &+ difference &- ((jitterTimes16 &+ 8) >> 4)
    }
  }

  var extendedHighest: UInt32 { cycles &+ UInt32(highest) }
  private var expected: Int64 { Int64(extendedHighest) - Int64(first) + 1 }
  public var lost: Int { received == 0 ? 0 : Int(clamping: expected - received) }

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
