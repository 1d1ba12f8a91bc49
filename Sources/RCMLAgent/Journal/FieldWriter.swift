import RCMLBasics

/// Writes the fields of one record, front to back.
struct FieldWriter {
  private(set) var bytes: [UInt8] = []

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  mutating func octet(_ value: UInt8) { bytes.append(value) }
  mutating func flag(_ value: Bool) { bytes.append(value ? 1 : 0) }

  mutating func number(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func number(_ value: UInt16) { number(UInt64(value)) }
  mutating func number(_ value: UInt32) { number(UInt64(value)) }

  mutating func signed(_ value: Int64) {
    number(UInt64(bitPattern: value << 1 ^ value >> 63))
  }

  mutating func signed(_ value: Int) { signed(Int64(value)) }

  mutating func octets(_ value: [UInt8]) {
    number(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  mutating func text(_ value: String) {
    number(UInt64(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }

  mutating func list<Element>(_ values: [Element], _ each: (inout FieldWriter, Element) -> Void) {
    number(UInt64(values.count))
    for value in values { each(&self, value) }
  }

  mutating func optional<Value>(
    _ value: Value?, _ write: (inout FieldWriter, Value) -> Void
  ) {
    flag(value != nil)
    if let value { write(&self, value) }
  }

  mutating func address(_ value: SocketAddress) {
    switch value.family {
    case .ipv4:
      octet(4)
      for shift in [24, 16, 8, 0] as [UInt64] {
        octet(UInt8(truncatingIfNeeded: value.low >> shift))
      }
    case .ipv6:
      octet(6)
      for half in [value.high, value.low] {
        for shift in stride(from: 56, through: 0, by: -8) {
          octet(UInt8(truncatingIfNeeded: half >> UInt64(shift)))
        }
      }
    }
    number(value.port)
  }

  mutating func sid(_ value: CallSid) {
    number(value.high)
    number(value.low)
  }

  mutating func header(_ value: HeaderLine) {
    octets(value.name)
    octets(value.value)
  }
}
