import RCMLAgent

/// Events the host has not pulled yet.
///
/// When it is full, messages, refusals, findings and digits are lost and counted; what a host has to know to
/// keep its own books (a call came, was answered, ended) never is.
struct EventQueue {
  private var events: [HostEvent?] = []
  private var head = 0
  let limit: Int
  private(set) var lost: UInt64 = 0

  init(limit: Int) { self.limit = limit }

  var count: Int { events.count - head }
  var isEmpty: Bool { head == events.count }

  mutating func append(_ event: HostEvent) {
    if count >= limit, EventQueue.isDispensable(event) {
      lost += 1
      return
    }
    events.append(event)
  }

  mutating func popFirst() -> HostEvent? {
    guard head < events.count else { return nil }
    let event = events[head]
    events[head] = nil
    head += 1
    if head == events.count {
      events.removeAll(keepingCapacity: events.capacity <= 1024)
      head = 0
    } else if head >= 1024, head * 2 >= events.count {
      events.removeFirst(head)
      head = 0
    }
    return event
  }

  private static func isDispensable(_ event: HostEvent) -> Bool {
    switch event {
    case .message, .refused, .finding, .onCall(_, .digit): true
    case .onCall, .question, .drained: false
    }
  }
}
