/// Presses keys as RFC 4733 events: every packet of a press has the timestamp of its start, the last of them is
/// sent three times, and a pause follows.
struct DigitSender: Hashable, Sendable {
  enum Step: Hashable {
    case packet(TelephoneEvent, isFirst: Bool)
    case pause
    case ended
  }

  /// 160 units a packet at 20 ms: 100 ms of key, and as much before the next one.
  private static let pressMilliseconds = 100
  private static let pauseMilliseconds = 60

  /// Copies of the last packet of a press (RFC 4733 §2.5.1.4).
  static let endings = 3

  private let keys: [UInt8]
  private var place = 0
  private var elapsed = 0
  private var endings = 0
  private var paused = 0

  init(_ keys: [UInt8]) { self.keys = keys }

  /// What the next `milliseconds` hold.
  mutating func step(milliseconds: Int) -> Step {
    guard place < keys.count else { return .ended }
    if endings == DigitSender.endings {
      paused += milliseconds
      if paused >= DigitSender.pauseMilliseconds {
        place += 1
        (elapsed, endings, paused) = (0, 0, 0)
      }
      return .pause
    }
    let isFirst = elapsed == 0
    if endings == 0 {
      elapsed += milliseconds
      if elapsed >= DigitSender.pressMilliseconds { endings = 1 }
    } else {
      endings += 1
    }
    let event = TelephoneEvent(
      key: keys[place], isEnd: endings > 0, duration: UInt16(clamping: elapsed * 8))
    return .packet(event, isFirst: isFirst)
  }

  /// The end of a press that is under way, if one is.
  var lettingGo: TelephoneEvent? {
    guard place < keys.count, elapsed > 0, endings < DigitSender.endings else { return nil }
    return TelephoneEvent(
      key: keys[place], isEnd: true, duration: UInt16(clamping: elapsed * 8))
  }
}
