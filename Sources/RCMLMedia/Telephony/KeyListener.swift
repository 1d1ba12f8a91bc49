import CTelephony

/// Hears keys in one party's sound (spec U-25, ITU-T Q.24), by libspandsp if this machine has it.
final class KeyListener {
  static var isThere: Bool { telephony_hears_keys() }

  private let listener: UnsafeMutableRawPointer
  private var samples = [Int16](repeating: 0, count: 480)
  private var last: (epoch: UInt32, sequence: UInt16)?

  /// nil: nothing can be heard here.
  init?() {
    guard let listener = telephony_listener_create() else { return nil }
    self.listener = listener
  }

  deinit { telephony_listener_destroy(listener) }

  /// Keys that begin in this packet. What comes late or doubled is no sound to listen to. `epoch`: of the source's
  /// numbers, which may begin anew.
  func hear(
    _ payload: UnsafeRawBufferPointer, _ law: G711.Law, _ header: RTPHeader, epoch: UInt32,
    _ told: (UInt8) -> Void
  ) {
    if let last, last.epoch == epoch,
      Int16(bitPattern: header.sequence &- last.sequence) <= 0
    {
      return
    }
    last = (epoch, header.sequence)
    var start = 0
    while start < payload.count {
      let count = min(samples.count, payload.count - start)
      samples.withUnsafeMutableBufferPointer { room in
        let part = UnsafeRawBufferPointer(rebasing: payload[start..<start + count])
        G711.decode(part, law, into: room)
      }
      start += count
      var keys: (CChar, CChar, CChar, CChar) = (0, 0, 0, 0)
      withUnsafeMutableBytes(of: &keys) { room in
        let found = telephony_listener_hear(
          listener, samples, Int32(count), room.baseAddress?.assumingMemoryBound(to: CChar.self),
          room.count)
        for key in room.prefix(found) { told(key) }
      }
    }
  }
}
