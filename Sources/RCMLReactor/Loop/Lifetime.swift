import CSystem

/// Whose the reactor is, and whether it still is: it belongs to the process that made it, until it is closed.
struct Lifetime {
  private let process = system_process()
  private(set) var isClosed = false

  /// False in a child of the process that made the reactor.
  var isOwner: Bool { system_process() == process }

  func check() throws(ReactorError) {
    if isClosed { throw ReactorError.closed }
    if !isOwner { throw ReactorError.forked }
  }

  mutating func end() { isClosed = true }
}
