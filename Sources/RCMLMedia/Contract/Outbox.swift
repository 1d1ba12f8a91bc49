import RCMLBasics

/// Packets the engine made, in one buffer that is used again: nothing is allocated once it has grown.
package final class Outbox {
  package struct Entry: Sendable {
    package var slot: Int
    package var to: SocketAddress
    package var isControl: Bool
    package var octets: Range<Int>
  }

  package private(set) var octets: [UInt8] = []
  package private(set) var entries: [Entry] = []

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

  func clear() {
    octets.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
  }
}
