/// Turns the packets of one RTP source's telephone events into keys, each press once (spec U-25).
///
/// A press is known by its timestamp: the first packet of it that arrives counts, whichever it is, so that
/// neither a lost start nor the three copies of the end lose or double a key (failures H4). Beyond that:
///
/// * A press longer than its duration field goes on under a new timestamp and is still one (RFC 4733 §2.5.1.3).
/// * Some telephones leave the timestamp standing from one press to the next, or let it run during one. There the
///   sequence number, the end and the duration tell presses apart.
public struct DigitCollector: Sendable {
  private struct Press {
    var key: UInt8
    var source: UInt32
    var timestamp: UInt32
    /// The furthest packet of it that came, and what that one said.
    var sequence: UInt16
    var duration: UInt16
    var hasEnded: Bool
  }

  private var last: Press?
  /// A duration near its limit falls back to nothing without another press.
  private static let nearlyFull: UInt16 = 0xe000
  /// What may separate the starts of two segments of one press, and what the first must have reached: 2 s of it
  /// may be lost.
  private static let segment: ClosedRange<Int32> = 0xff00...0x1_0100
  private static let segmentReached: UInt16 = 0xc000

  public init() {}

  /// The source begins its numbers anew: what it sends now is no late copy of anything. A press that goes on keeps its
  /// timestamp.
  mutating func beginNumbers(of header: RTPHeader) {
    if last?.source == header.source, last?.timestamp != header.timestamp { last = nil }
  }

  /// The key, if this packet is the first of a press.
  public mutating func take(_ event: TelephoneEvent, of header: RTPHeader) -> UInt8? {
    guard let press = last else { return begin(event, header) }
    if press.source != header.source {
      // The same press goes on from another source.
      if event.key == press.key, header.timestamp == press.timestamp {
        last?.source = header.source
        go(on: event, header)
        return nil
      }
      return begin(event, header)
    }
    let later = Int32(bitPattern: header.timestamp &- press.timestamp)
    let ahead = Int16(bitPattern: header.sequence &- press.sequence)
    if later == 0 {
      guard ahead > 0 else { return nil }
      if DigitCollector.isAnother(event, than: press) { return begin(event, header) }
      go(on: event, header)
      return nil
    }
    // A late copy of an older press.
    if later < 0, ahead <= 0 { return nil }
    if DigitCollector.continues(press, event, header, later, ahead) {
      go(on: event, header)
      return nil
    }
    return begin(event, header)
  }

  /// Whether a packet further on, with the same timestamp, is about another press.
  private static func isAnother(_ event: TelephoneEvent, than press: Press) -> Bool {
    if event.key != press.key { return true }
    if press.hasEnded { return !event.isEnd }
    return event.duration < press.duration && press.duration < nearlyFull
  }

  /// Whether a packet with another timestamp is about the same press all the same.
  private static func continues(
    _ press: Press, _ event: TelephoneEvent, _ header: RTPHeader, _ later: Int32, _ ahead: Int16
  ) -> Bool {
    guard event.key == press.key, !press.hasEnded, !header.marker else { return false }
    if segment.contains(later), press.duration >= segmentReached { return true }
    return ahead == 1 && event.duration > press.duration
  }

  private mutating func begin(_ event: TelephoneEvent, _ header: RTPHeader) -> UInt8 {
    last = Press(
      key: event.key, source: header.source, timestamp: header.timestamp,
      sequence: header.sequence, duration: event.duration, hasEnded: event.isEnd)
    return event.key
  }

  private mutating func go(on event: TelephoneEvent, _ header: RTPHeader) {
    last?.timestamp = header.timestamp
    last?.sequence = header.sequence
    last?.duration = event.duration
    last?.hasEnded = event.isEnd
  }
}
