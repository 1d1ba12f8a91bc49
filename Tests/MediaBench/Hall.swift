import RCMLBasics
import RCMLMedia

/// An engine with so many calls, each of two joined parties that speak PCMU, and a clock that is moved by hand.
final class Hall {
  let engine = MediaEngine(
    random: RandomSource(seed: 1), wall: WallClock(unixMicroseconds: 0, at: Instant(nanoseconds: 0))
  )
  var now = Instant(nanoseconds: 1_000_000_000)
  let calls: Int
  /// The slots of parties that have keys.
  let secrets: Set<Int>
  private var packet = UnsafeMutableRawBufferPointer.allocate(
    byteCount: 172 + PacketSecrecy.growth, alignment: 16)
  private var sent = 0
  private var sealed: [[UInt8]] = []

  private static let ours = SecureKey(.aes128SHA80, [UInt8](repeating: 1, count: 30))
  private static let theirs = SecureKey(.aes128SHA80, [UInt8](repeating: 2, count: 30))

  init(
    calls: Int, isTranscoding: Bool = false, hearsKeys: Bool = false, secrets: Set<Int> = []
  ) {
    self.calls = calls
    self.secrets = secrets
    packet.initializeMemory(as: UInt8.self, repeating: 0xff)
    for slot in 0..<calls * 2 {
      engine.open(id(slot), slot: slot, at: now)
      var description = StreamDescription()
      description.remote = address(slot)
      let payload = StreamDescription.Payload(0, .pcmu)
      description.incoming = [payload, .init(101, .telephoneEvent(rate: 8_000))]
      description.outgoing = isTranscoding ? [.init(8, .pcma)] : description.incoming
      description.hearsKeys = hearsKeys
      if secrets.contains(slot), let ours = Hall.ours, let theirs = Hall.theirs {
        description.sender.secrecy = StreamSecrecy(incoming: theirs, outgoing: ours)
      }
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
    let whole = UnsafeMutableRawBufferPointer(rebasing: packet[..<172])
    return engine.receive(slot: slot, from: address(slot), packet: whole, at: now) != nil
  }

  /// So many packets of the caller, as they come from it.
  func prepare(_ count: Int) {
    guard let ours = Hall.ours, let theirs = Hall.theirs else { return }
    let phone = PacketSecrecy(StreamSecrecy(incoming: ours, outgoing: theirs))
    sealed = (0..<count).map { index in
      var room = [UInt8](repeating: 0xff, count: 172 + PacketSecrecy.growth)
      let header = RTPHeader(
        payloadType: 0, marker: false, sequence: UInt16(truncatingIfNeeded: index),
        timestamp: UInt32(truncatingIfNeeded: index &* 160), source: 7)
      let length = room.withUnsafeMutableBytes { octets in
        _ = header.write(to: octets)
        return secrets.contains(0) ? phone.seal(octets, 172) : 172
      }
      return Array(room[..<(length ?? 0)])
    }
  }

  /// The caller's next packet.
  @inline(__always)
  func receiveSealed() -> Bool {
    guard sent < sealed.count else { return false }
    let count = sealed[sent].count
    sealed[sent].withUnsafeBytes { packet.copyMemory(from: $0) }
    sent += 1
    let whole = UnsafeMutableRawBufferPointer(rebasing: packet[..<count])
    return engine.receive(
      slot: 0, from: address(0), packet: whole, growth: packet.count - count, at: now) != nil
  }

  func drain() {
    engine.clearOutbox()
    while engine.nextOutput() != nil {}
  }
}
