import RCMLBasics

/// The last key of a party: the same key by another way within a quarter of a second is the same press (spec U-25).
struct KeyPress {
  enum Way: Hashable {
    /// RFC 4733, or heard in the sound.
    case media
    case info
    case host
  }

  static let window = Interval.milliseconds(250)

  let key: UInt8
  let way: Way
  let at: Instant

  func isSame(as key: UInt8, _ way: Way, at now: Instant) -> Bool {
    self.key == key && self.way != way && now - at <= KeyPress.window
  }
}
