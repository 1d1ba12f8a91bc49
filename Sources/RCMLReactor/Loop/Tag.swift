/// What the loop's descriptor stands for: the kind in the low octet, the number above it.
enum Tag {
  static let timer: UInt8 = 1
  static let wake: UInt8 = 2
  static let datagrams: UInt8 = 3
  static let acceptor: UInt8 = 4
  static let connection: UInt8 = 5
  static let names: UInt8 = 6
  static let http: UInt8 = 7
  /// RTP and RTCP of the stream in the slot of that number.
  static let media: UInt8 = 8
  static let mediaControl: UInt8 = 9
  /// A sound was read; a program that speaks has ended.
  static let sounds: UInt8 = 10
  static let program: UInt8 = 11
  /// Octets of a journal or a recording were written.
  static let disk: UInt8 = 12

  static func make(_ kind: UInt8, _ number: UInt64) -> UInt64 { number << 8 | UInt64(kind) }
  static func kind(_ tag: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: tag) }
  static func number(_ tag: UInt64) -> UInt64 { tag >> 8 }
}
