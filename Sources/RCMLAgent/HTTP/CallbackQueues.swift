import RCMLBasics
import RCMLDial

/// The status callbacks of every leg, and the recording callbacks of every call: one request at a time and in order
/// from each of these sources, sources beside each other (spec K-9), at most 64 waiting (K-13).
struct CallbackQueues {
  /// Whom the callbacks tell of.
  struct Source: Hashable {
    var call: CallNumber
    /// nil = the call's recordings (spec R-6).
    var leg: LegNumber?

    static func recordings(of call: CallNumber) -> Source { Source(call: call, leg: nil) }
  }

  static let limit = 64

  /// A callback, and the settings of its call, which may be over when its turn comes; nil = the agent's.
  struct QueuedCallback {
    var callback: StatusCallback
    var settings: OwnSettings?
  }

  /// The one under way of each.
  private(set) var current: [Source: QueuedCallback] = [:]
  /// Those behind it, once there are any.
  private var waiting: [Source: BoundedQueue<QueuedCallback>] = [:]
  private(set) var count = 0

  /// `.begin`: there was nothing under way. `.full`: the callback is lost and has to be told.
  enum Verdict { case begin, queued, full }

  mutating func add(_ callback: QueuedCallback, of source: Source) -> Verdict {
    guard current[source] != nil else {
      current[source] = callback
      return .begin
    }
    let hasRoom = waiting[source, default: BoundedQueue(limit: CallbackQueues.limit)].append(
      callback)
    guard hasRoom else { return .full }
    count += 1
    return .queued
  }

  /// The one under way was delivered or given up: here is the next, if there is one.
  mutating func finished(_ source: Source) -> QueuedCallback? {
    if let next = waiting[source]?.popFirst() {
      count -= 1
      current[source] = next
      return next
    }
    waiting[source] = nil
    current[source] = nil
    return nil
  }

  var isIdle: Bool { current.isEmpty }
}
