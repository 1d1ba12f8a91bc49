import RCMLBasics
import RCMLDial

/// The status callbacks of every leg, and the recording callbacks of every call: one request at a time and in order per leg, legs beside each other (spec K-9),
/// at most 64 waiting (K-13).
struct CallbackQueues {
  struct Leg: Hashable {
    var call: CallNumber
    /// nil = the call's recordings (spec R-6).
    var leg: LegNumber?

    static func recordings(of call: CallNumber) -> Leg { Leg(call: call, leg: nil) }
  }

  static let limit = 64

  /// The one under way of each leg.
  private(set) var current: [Leg: StatusCallback] = [:]
  /// Those behind it, once there are any.
  private var waiting: [Leg: BoundedQueue<StatusCallback>] = [:]
  private(set) var count = 0

  /// `.begin`: the leg had nothing under way. `.full`: the callback is lost and has to be told.
  enum Verdict { case begin, queued, full }

  mutating func add(_ callback: StatusCallback, of leg: Leg) -> Verdict {
    guard current[leg] != nil else {
      current[leg] = callback
      return .begin
    }
    let hasRoom = waiting[leg, default: BoundedQueue(limit: CallbackQueues.limit)].append(callback)
    guard hasRoom else { return .full }
    count += 1
    return .queued
  }

  /// The one under way was delivered or given up: here is the next, if there is one.
  mutating func finished(_ leg: Leg) -> StatusCallback? {
    if let next = waiting[leg]?.popFirst() {
      count -= 1
      current[leg] = next
      return next
    }
    waiting[leg] = nil
    current[leg] = nil
    return nil
  }

  var isIdle: Bool { current.isEmpty }
}
