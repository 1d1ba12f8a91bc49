import CSystem

/// Packets of one socket after the other on their way to the kernel, in batches.
final class MediaOutbox {
  private let outbox: OpaquePointer
  /// Whose packets lie in it.
  private var socket: Int32 = -1
  private(set) var sent: UInt64 = 0
  private(set) var unsent: UInt64 = 0

  /// Nil: there is no memory.
  init?() {
    guard let outbox = system_outbox_create() else { return nil }
    self.outbox = outbox
  }

  deinit { system_outbox_destroy(outbox) }

  /// `source`: nil = the kernel chooses.
  func add(
    _ packet: UnsafeRawBufferPointer, from socket: Int32,
    _ source: UnsafeMutablePointer<system_source>?, to target: inout system_address
  ) {
    if socket != self.socket {
      flush()
      self.socket = socket
    }
    if system_outbox_add(outbox, packet.baseAddress, packet.count, &target, source) { return }
    flush()
    _ = system_outbox_add(outbox, packet.baseAddress, packet.count, &target, source)
  }

  /// Sends what was collected. What the kernel refuses is lost, as it may be on any way.
  func flush() {
    let count = system_outbox_count(outbox)
    guard count > 0 else { return }
    sent &+= UInt64(count)
    system_outbox_send(outbox, socket, nil, 0, &unsent)
  }
}
