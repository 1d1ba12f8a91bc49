/// The payload of a named telephone event (RFC 4733 §2.3).
public struct TelephoneEvent: Hashable, Sendable {
  /// The key as people write it: one of `0-9 * # A-D`.
  public var key: UInt8
  /// True in the last packets of a press; they are sent three times (§2.5.1.4).
  public var isEnd: Bool
  /// Attenuation in dBm0 without its sign, 0 to 63.
  public var volume: UInt8
  /// In timestamp units since the press began.
  public var duration: UInt16

  public init(key: UInt8, isEnd: Bool, volume: UInt8 = 10, duration: UInt16) {
    self.key = key
    self.isEnd = isEnd
    self.volume = volume
    self.duration = duration
  }

  private static let keys = [UInt8]("0123456789*#ABCD".utf8)

  /// nil: too short, or an event that is not a key (flash, tones).
  public static func read(_ payload: UnsafeRawBufferPointer) -> TelephoneEvent? {
    guard payload.count >= 4, payload[0] < 16 else { return nil }
    return TelephoneEvent(
      key: keys[Int(payload[0])], isEnd: payload[1] & 0x80 != 0, volume: payload[1] & 0x3f,
      duration: UInt16(payload[2]) << 8 | UInt16(payload[3]))
  }

  /// nil: `key` is none of the sixteen.
  public var octets: [UInt8]? {
    guard let event = TelephoneEvent.keys.firstIndex(of: key) else { return nil }
    return [
      UInt8(event), (isEnd ? 0x80 : 0) | volume & 0x3f, UInt8(duration >> 8),
      UInt8(truncatingIfNeeded: duration),
    ]
  }
}
