import RCMLBasics

/// What a layer has to tell the one above it, in the order in which it happened.
final class EventQueue<Event> {
  private var events = HandoverQueue<Event>()

  func add(_ event: consuming Event) { events.append(event) }

  func next() -> Event? { events.popFirst() }
}
