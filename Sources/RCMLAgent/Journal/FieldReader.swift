import RCMLBasics

/// Reads the fields of one record, front to back. Nothing in a file can make it trap.
struct FieldReader {
  /// What is wrong with a field; the journal reader adds where.
  struct Damage: Error { var text: String }

  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }
  var offset: Int { position }

  mutating func octet() throws(Damage) -> UInt8 {
    guard position < bytes.count else { throw Damage(text: "it ends in the middle of a field") }
    position += 1
    return bytes[position - 1]
  }

  mutating func flag() throws(Damage) -> Bool {
    switch try octet() {
    case 0: return false
    case 1: return true
    case let other: throw Damage(text: "\(other) stands where only 0 or 1 may")
    }
  }

  mutating func number() throws(Damage) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try octet()
      let bits = UInt64(next & 0x7f)
      guard shift < 63 || (shift == 63 && bits <= 1) else {
        throw Damage(text: "a number has more than 64 bits")
      }
      value |= bits << shift
      if next & 0x80 == 0 { return value }
      shift += 7
    }
  }

  mutating func number<Narrow: FixedWidthInteger>(
    as type: Narrow.Type
  ) throws(Damage) -> Narrow {
    let wide = try number()
    guard let value = Narrow(exactly: wide) else {
      throw Damage(text: "\(wide) is too large for its field")
    }
    return value
  }

  mutating func signed() throws(Damage) -> Int64 {
    let folded = try number()
    return Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
  }

  /// Points into the journal itself.
  mutating func lent() throws(Damage) -> UnsafeRawBufferPointer {
    let count = try number()
    guard count <= UInt64(bytes.count - position) else {
      throw Damage(text: "\(count) octets are announced and \(bytes.count - position) are left")
    }
    let start = position
    position += Int(count)
    return UnsafeRawBufferPointer(rebasing: bytes[start..<position])
  }

  mutating func octets() throws(Damage) -> [UInt8] { Array(try lent()) }
  mutating func text() throws(Damage) -> String { String(decoding: try lent(), as: UTF8.self) }

  mutating func list<Element>(
    _ each: (inout FieldReader) throws(Damage) -> Element
  ) throws(Damage) -> [Element] {
    let count = try number()
    // Each element takes an octet at least: a count beyond that is damage, not a wish for memory.
    guard count <= UInt64(bytes.count - position) else {
      throw Damage(text: "a list of \(count) does not fit into the record")
    }
    var values: [Element] = []
    for _ in 0..<count { values.append(try each(&self)) }
    return values
  }

  mutating func optional<Value>(
    _ read: (inout FieldReader) throws(Damage) -> Value
  ) throws(Damage) -> Value? {
    try flag() ? try read(&self) : nil
  }

  mutating func address() throws(Damage) -> SocketAddress {
    switch try octet() {
    case 4:
      let address = try fixed(4)
      return SocketAddress(ipv4: UInt32(address), port: try number(as: UInt16.self))
    case 6:
      let high = try fixed(8)
      let low = try fixed(8)
      return SocketAddress(ipv6High: high, low: low, port: try number(as: UInt16.self))
    case let family:
      throw Damage(text: "there is no address family \(family)")
    }
  }

  private mutating func fixed(_ count: Int) throws(Damage) -> UInt64 {
    var value: UInt64 = 0
    for _ in 0..<count { value = value << 8 | UInt64(try octet()) }
    return value
  }

  mutating func sid() throws(Damage) -> CallSid {
    let high = try number()
    return CallSid(high: high, low: try number())
  }

  mutating func header() throws(Damage) -> HeaderLine {
    let name = try octets()
    return HeaderLine(name: name, value: try octets())
  }

  /// A value stored by its raw value.
  mutating func raw<Value: RawRepresentable>(
    _ type: Value.Type
  ) throws(Damage) -> Value where Value.RawValue == UInt8 {
    let number = try octet()
    guard let value = Value(rawValue: number) else {
      throw Damage(text: "there is no \(type) \(number)")
    }
    return value
  }

  mutating func named<Value: RawRepresentable>(
    _ type: Value.Type
  ) throws(Damage) -> Value where Value.RawValue == String {
    let name = try text()
    guard let value = Value(rawValue: name) else {
      throw Damage(text: "there is no \(type) named \(name)")
    }
    return value
  }
}
