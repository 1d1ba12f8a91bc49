import RCMLBasics

/// Packets the engine made, in one buffer that is used again: nothing is allocated once it has grown.
public final class Outbox {
  public struct Entry: Sendable {
    public var slot: Int
    public var to: SocketAddress
    public var isControl: Bool
    public var octets: Range<Int>

    fileprivate var place: (Int, Int) { (slot << 1 | (isControl ? 1 : 0), octets.lowerBound) }
  }

  public private(set) var octets: [UInt8] = []
  public private(set) var entries: [Entry] = []

  /// `secrecy`: of the party; nil = it has no keys.
  func add(
    slot: Int, to: SocketAddress, isControl: Bool = false, count: Int,
    secrecy: PacketSecrecy? = nil, _ fill: (UnsafeMutableRawBufferPointer) -> Void
  ) {
    let start = octets.count
    let growth = secrecy == nil ? 0 : PacketSecrecy.growth
    octets.append(contentsOf: repeatElement(0, count: count + growth))
    let length = octets.withUnsafeMutableBytes { octets -> Int? in
      fill(UnsafeMutableRawBufferPointer(rebasing: octets[start..<start + count]))
      guard let secrecy else { return count }
      let room = UnsafeMutableRawBufferPointer(rebasing: octets[start...])
      return isControl ? secrecy.sealControl(room, count) : secrecy.seal(room, count)
    }
    octets.removeLast(count + growth - (length ?? 0))
    guard let length else { return }
    entries.append(
      Entry(slot: slot, to: to, isControl: isControl, octets: start..<start + length))
  }

  /// Puts those of one socket side by side, each socket's in their order.
  public func gather() {
    guard entries.count > 1 else { return }
    entries.sort { $0.place < $1.place }
  }

  func clear() {
    octets.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
  }
}
