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

  func add(
    slot: Int, to: SocketAddress, isControl: Bool = false, count: Int,
    _ fill: (UnsafeMutableRawBufferPointer) -> Void
  ) {
    let start = octets.count
    octets.append(contentsOf: repeatElement(0, count: count))
    octets.withUnsafeMutableBytes { fill(UnsafeMutableRawBufferPointer(rebasing: $0[start...])) }
    entries.append(
      Entry(slot: slot, to: to, isControl: isControl, octets: start..<start + count))
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
