/// Octets written once, front to back, and then handed away as an array.
///
/// They are written into memory of its own and copied once, at the end: to append a piece to an array costs three times as
/// much, and a call writes three hundred of them.
public struct ByteWriter: ~Copyable {
  private var room: UnsafeMutableRawPointer
  private var capacity: Int
  public private(set) var count = 0

  /// More is made room for when it is wanted.
  public init(capacity: Int) {
    self.capacity = max(16, capacity)
    room = .allocate(byteCount: self.capacity, alignment: 8)
  }

  deinit { room.deallocate() }

  /// What was written.
  public consuming func finish() -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: room, count: count))
  }

  /// The same as text.
  public consuming func finishText() -> String {
    String(decoding: UnsafeRawBufferPointer(start: room, count: count), as: UTF8.self)
  }

  public mutating func append(_ text: StaticString) {
    write(text.utf8Start, text.utf8CodeUnitCount)
  }

  public mutating func append(_ octets: [UInt8]) {
    octets.withUnsafeBytes { append($0) }
  }

  public mutating func append(_ octets: ArraySlice<UInt8>) {
    octets.withUnsafeBytes { append($0) }
  }

  public mutating func append(_ octets: UnsafeRawBufferPointer) {
    guard let start = octets.baseAddress else { return }
    write(start, octets.count)
  }

  public mutating func append(_ octet: UInt8) {
    if count == capacity { makeRoom(for: 1) }
    room.storeBytes(of: octet, toByteOffset: count, as: UInt8.self)
    count += 1
  }

  /// For text that comes from a person or a document, not for the packet path.
  public mutating func append(text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  public mutating func append(decimal value: UInt64) {
    guard value >= 10 else { return append(UInt8(48 + value)) }
    var digits = 1
    var limit = value
    while limit >= 10 {
      limit /= 10
      digits += 1
    }
    if capacity - count < digits { makeRoom(for: digits) }
    var rest = value
    count += digits
    var position = count
    repeat {
      position -= 1
      room.storeBytes(of: UInt8(48 + rest % 10), toByteOffset: position, as: UInt8.self)
      rest /= 10
    } while rest > 0
  }

  /// Sixteen lower-case hex digits.
  public mutating func appendHex(_ value: UInt64) {
    if capacity - count < 16 { makeRoom(for: 16) }
    let first = ByteWriter.hex(value >> 32).bigEndian
    let second = ByteWriter.hex(value & 0xffff_ffff).bigEndian
    room.storeBytes(of: first, toByteOffset: count, as: UInt64.self)
    room.storeBytes(of: second, toByteOffset: count + 8, as: UInt64.self)
    count += 16
  }

  /// The eight digits of 32 bits, an octet each, all at once: a nibble above 9 carries into the fifth bit when 6 is added,
  /// and letters stand 39 octets behind the digits.
  private static func hex(_ half: UInt64) -> UInt64 {
    var nibbles = (half << 16 | half) & 0x0000_ffff_0000_ffff
    nibbles = (nibbles << 8 | nibbles) & 0x00ff_00ff_00ff_00ff
    nibbles = (nibbles << 4 | nibbles) & 0x0f0f_0f0f_0f0f_0f0f
    let letters = (nibbles &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    return nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 39
  }

  @inline(__always)
  private mutating func write(_ start: UnsafeRawPointer, _ length: Int) {
    if capacity - count < length { makeRoom(for: length) }
    (room + count).copyMemory(from: start, byteCount: length)
    count += length
  }

  @inline(never)
  private mutating func makeRoom(for length: Int) {
    capacity = max(capacity * 2, count + length)
    let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
    larger.copyMemory(from: room, byteCount: count)
    room.deallocate()
    room = larger
  }
}
