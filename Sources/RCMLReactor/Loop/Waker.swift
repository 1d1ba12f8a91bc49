import CSystem

/// Ends the sleep of whoever turns the loop. For any thread and any signal handler; must not outlive the
/// reactor.
public struct Waker: Sendable {
  let descriptor: Int32

  public func wake() { system_wake(descriptor) }
}
