import CSystem

/// Room for one batch of datagrams, used by SIP, RTP and RTCP in turn: what was read is good until the next read.
final class Inbox {
  private let inbox: OpaquePointer

  init() throws(ReactorError) {
    guard let inbox = system_inbox_create() else { throw ReactorError.memory }
    self.inbox = inbox
  }

  deinit { system_inbox_destroy(inbox) }

  /// At most `limit` datagrams that wait at `socket`, which is bound to `bound`.
  func read(
    _ socket: Int32, bound: inout system_address, limit: Int32
  ) -> UnsafeBufferPointer<system_datagram> {
    let count = Int(system_inbox_read(inbox, socket, &bound, limit))
    return UnsafeBufferPointer(start: system_inbox_datagrams(inbox), count: max(0, count))
  }
}
