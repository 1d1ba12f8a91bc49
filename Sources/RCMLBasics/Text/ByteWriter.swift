/// Octets written once, front to back, into a buffer that is then handed away.
public struct ByteWriter {
  public private(set) var bytes: [UInt8] = []

  public init(capacity: Int) { bytes.reserveCapacity(capacity) }

  public mutating func append(_ text: StaticString) {
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  public mutating func append(_ octets: [UInt8]) { bytes.append(contentsOf: octets) }
  public mutating func append(_ octets: ArraySlice<UInt8>) { bytes.append(contentsOf: octets) }
  public mutating func append(_ octets: UnsafeRawBufferPointer) {
    bytes.append(contentsOf: octets)
  }
  public mutating func append(_ octet: UInt8) { bytes.append(octet) }

  /// For text that comes from a person or a document, not for the packet path.
  public mutating func append(text: String) { bytes.append(contentsOf: text.utf8) }

  public mutating func append(decimal value: UInt64) {
    guard value >= 10 else { return bytes.append(UInt8(48 + value)) }
    var digits = (0 as UInt64, 0 as UInt64, 0 as UInt64)  // 24 octets, more than 2^64 needs
    withUnsafeMutableBytes(of: &digits) { room in
      var rest = value
      var position = room.count
      while rest > 0 {
        position -= 1
        room[position] = UInt8(48 + rest % 10)
        rest /= 10
      }
      bytes.append(contentsOf: room[position...])
    }
  }

  /// Sixteen lower-case hex digits.
  public mutating func appendHex(_ value: UInt64) {
    var shift: UInt64 = 60
    while true {
      let nibble = UInt8(value >> shift & 15)
      bytes.append(nibble < 10 ? 48 + nibble : 87 + nibble)
      if shift == 0 { return }
      shift -= 4
    }
  }
}
