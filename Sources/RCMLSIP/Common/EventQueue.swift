/// What a layer has to tell the one above it, in the order in which it happened.
final class EventQueue<Event> {
  private var events: [Event] = []
  private var nextIndex = 0

  func add(_ event: Event) { events.append(event) }

  func next() -> Event? {
    guard nextIndex < events.count else {
      if nextIndex > 0 {
        events.removeAll(keepingCapacity: true)
        nextIndex = 0
      }
      return nil
    }
    defer { nextIndex += 1 }
    return events[nextIndex]
  }
}
