import RCMLBasics

/// One stream and what still has to be written to it.
final class StreamSocket {
  enum State {
    case connecting
    case open
    /// The core has let go of it; what is queued still goes out.
    case closing
  }

  let id: ConnectionID
  let descriptor: Int32
  let remote: SocketAddress
  var state: State
  /// When connecting, or closing, has taken too long.
  var deadline: Instant
  private var queue: [UInt8] = []
  private var written = 0

  init(
    id: ConnectionID, descriptor: Int32, remote: SocketAddress, state: State, deadline: Instant
  ) {
    self.id = id
    self.descriptor = descriptor
    self.remote = remote
    self.state = state
    self.deadline = deadline
  }

  var queued: Int { queue.count - written }

  func append(_ bytes: ArraySlice<UInt8>) {
    if written > 0, written == queue.count {
      queue.removeAll(keepingCapacity: false)
      written = 0
    }
    queue.append(contentsOf: bytes)
  }

  /// Hands what is queued to `write`, which says how much of it is gone.
  func write(_ write: (UnsafeRawBufferPointer) -> Int) {
    let start = written
    let gone = queue.withUnsafeBytes { write(UnsafeRawBufferPointer(rebasing: $0[start...])) }
    written += max(0, min(gone, queue.count - start))
    if written == queue.count {
      queue = []
      written = 0
    } else if written > 65_536 {
      queue.removeFirst(written)
      written = 0
    }
  }
}
