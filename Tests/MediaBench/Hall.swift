import RCMLBasics
import RCMLMedia

/// An engine with so many calls, each of two joined parties that speak PCMU, and a clock that is moved by hand.
final class Hall {
  let engine = MediaEngine(
    random: RandomSource(seed: 1), wall: WallClock(unixMicroseconds: 0, at: Instant(nanoseconds: 0))
  )
  var now = Instant(nanoseconds: 1_000_000_000)
  let calls: Int
  private var packet = UnsafeMutableRawBufferPointer.allocate(byteCount: 172, alignment: 16)

  init(calls: Int, isTranscoding: Bool = false, hearsKeys: Bool = false) {
    self.calls = calls
    packet.initializeMemory(as: UInt8.self, repeating: 0xff)
    for slot in 0..<calls * 2 {
      engine.open(id(slot), slot: slot, at: now)
      var description = StreamDescription()
      description.remote = address(slot)
      let payload = StreamDescription.Payload(0, .pcmu)
      description.incoming = [payload, .init(101, .telephoneEvent(rate: 8_000))]
      description.outgoing = isTranscoding ? [.init(8, .pcma)] : description.incoming
      description.hearsKeys = hearsKeys
      engine.perform(.describe(id(slot), description), at: now)
    }
    for call in 0..<calls {
      engine.perform(.join(id(call * 2), id(call * 2 + 1), .init()), at: now)
    }
  }

  deinit { packet.deallocate() }

  func id(_ slot: Int) -> MediaID { MediaID(UInt64(slot + 1)) }
  func address(_ slot: Int) -> SocketAddress {
    SocketAddress(ipv4: 0x0a00_0000 + UInt32(slot), port: 4_000)
  }

  /// The packet number `index` of the party of `slot`.
  @inline(__always)
  func receive(slot: Int, _ index: Int) -> Bool {
    packet.storeBytes(of: 0x0080, as: UInt16.self)
    packet.storeBytes(
      of: UInt16(truncatingIfNeeded: index).bigEndian, toByteOffset: 2, as: UInt16.self)
    packet.storeBytes(
      of: UInt32(truncatingIfNeeded: index &* 160).bigEndian, toByteOffset: 4, as: UInt32.self)
    packet.storeBytes(of: UInt32(slot).bigEndian, toByteOffset: 8, as: UInt32.self)
    return engine.receive(slot: slot, from: address(slot), packet: packet, at: now) != nil
  }

  func drain() {
    engine.clearOutbox()
    while engine.nextOutput() != nil {}
  }
}
