import RCMLBasics

@testable import RCMLMedia

/// Somebody who sends a packet of PCMU now and then, from one address and with one source.
struct Talker {
  var address: SocketAddress
  let slot: Int
  private let source: UInt32
  private var sequence: UInt16 = 100

  init(_ address: SocketAddress, slot: Int = 0, source: UInt32? = nil) {
    self.address = address
    self.slot = slot
    self.source = source ?? UInt32(truncatingIfNeeded: address.low << 16) ^ UInt32(address.port)
  }

  /// Where its packet went; nil = nowhere.
  mutating func say(_ studio: Studio, type: UInt8 = 0, _ payload: [UInt8] = [1]) -> SocketAddress? {
    sequence &+= 1
    return studio.send(
      slot: slot, from: address, type: type, sequence: sequence,
      timestamp: UInt32(sequence) &* 160, source: source, payload: payload)?.to
  }

  /// So many packets, 20 ms apart; how many of them were passed on.
  mutating func speak(_ studio: Studio, packets: Int) -> Int {
    var passed = 0
    for _ in 0..<packets {
      if say(studio) != nil { passed += 1 }
      studio.wait(milliseconds: 20)
    }
    return passed
  }
}
