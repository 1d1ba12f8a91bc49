import CSystem

/// Whose the reactor is, and whether it still is: it belongs to the process that made it, until it is closed.
///
/// It is asked at every entry, some of them for each packet: so a child is known by a page that the kernel empties in it, and
/// only where there is no such page by its number.
final class Lifetime {
  private let process = system_process()
  private let mark = system_mark_create()
  private(set) var isClosed = false

  deinit { system_mark_destroy(mark) }

  /// False in a child of the process that made the reactor.
  var isOwner: Bool {
    guard let mark else { return system_process() == process }
    return mark.pointee == 1
  }

  func check() throws(ReactorError) {
    if isClosed { throw ReactorError.closed }
    if !isOwner { throw ReactorError.forked }
  }

  func end() { isClosed = true }
}
