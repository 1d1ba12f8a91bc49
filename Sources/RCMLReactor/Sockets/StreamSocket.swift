import RCMLBasics

/// One stream and what still has to be written to it.
final class StreamSocket {
  enum State {
    case connecting
    /// Both sides prove who they are; the core knows nothing of an accepted one yet.
    case securing
    case open
    /// The core has let go of it; what is queued still goes out.
    case closing
  }

  let id: ConnectionID
  let descriptor: Int32
  let remote: SocketAddress
  var state: State
  /// nil = it is a plain one.
  let secure: SecureStream?
  /// By which listener it came, and to which address of ours; nil = we have opened it.
  let entrance: (listener: ListenerID, local: SocketAddress)?
  /// When connecting, securing or closing has taken too long.
  var deadline: Instant
  private var queue: [UInt8] = []
  private var written = 0

  init(
    id: ConnectionID, descriptor: Int32, remote: SocketAddress, state: State, deadline: Instant,
    secure: SecureStream? = nil, entrance: (listener: ListenerID, local: SocketAddress)? = nil
  ) {
    self.id = id
    self.descriptor = descriptor
    self.remote = remote
    self.state = state
    self.deadline = deadline
    self.secure = secure
    self.entrance = entrance
  }

  var queued: Int { queue.count - written }

  func append(_ bytes: UnsafeRawBufferPointer) {
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
