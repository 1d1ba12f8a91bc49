/// The name a document gives a timer: a label to print and to compare.
///
/// Each room names its own timers in an extension (`TimerName+….swift`), so that no room knows the timers of another.
/// Nothing is decided by a name: who is to be asked when a deadline comes is the owner in the `DeadlineQueue`.
public struct TimerName: Hashable, CustomStringConvertible, @unchecked Sendable {
  /// The octets of a literal, which end with a zero and never change: a name is as small as a number.
  private let start: UnsafePointer<UInt8>

  public init(_ text: StaticString) { start = text.utf8Start }

  public static func == (a: TimerName, b: TimerName) -> Bool {
    if a.start == b.start { return true }
    var place = 0
    while a.start[place] == b.start[place] {
      if a.start[place] == 0 { return true }
      place += 1
    }
    return false
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(description) }

  public var description: String { String(cString: start) }
}
