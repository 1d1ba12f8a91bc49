import RCMLBasics
import RCMLMedia

/// Reads or writes the fields of one record, front to back.
///
/// Each type of the contract says once, in a function of its own (`Archive+….swift`), which fields it has and in which
/// order: reader and writer cannot differ. Such a function takes the value that is to be written, or nil while reading,
/// and returns the value that was written or read. A case of an enum has a number in its `Kind`.
///
/// Nothing in a file can make the reader trap, or allocate more than a few times the record's length.
final class Archive {
  /// What is wrong with a field; the journal reader adds where.
  struct Damage: Error { var text: String }

  let isReading: Bool
  /// What was written.
  private(set) var bytes: [UInt8] = []
  /// Octets of the record beyond its limit, which were not written.
  private(set) var omitted = 0
  /// Takes the secrets out of what is written.
  var mask = SecretMask()

  private let source: UnsafeRawBufferPointer
  private var position = 0

  /// Writes.
  init() {
    isReading = false
    source = UnsafeRawBufferPointer(start: nil, count: 0)
  }

  /// Reads. The octets are lent for as long as the archive and what it has read are used.
  init(reading bytes: UnsafeRawBufferPointer) {
    isReading = true
    source = bytes
  }

  /// Begins the next record.
  func begin() {
    bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 20)
    omitted = 0
  }

  var isAtEnd: Bool { position == source.count }
  var offset: Int { position }

  // MARK: numbers

  @discardableResult
  func octet(_ value: UInt8?) throws(Damage) -> UInt8 {
    if let value {
      bytes.append(value)
      return value
    }
    guard position < source.count else { throw Damage(text: "it ends in the middle of a field") }
    position += 1
    return source[position - 1]
  }

  @discardableResult
  func flag(_ value: Bool?) throws(Damage) -> Bool {
    switch try octet(value.map { $0 ? 1 : 0 }) {
    case 0: return false
    case 1: return true
    case let other: throw Damage(text: "\(other) stands where only 0 or 1 may")
    }
  }

  @discardableResult
  func number<Number: FixedWidthInteger & UnsignedInteger>(
    _ value: Number?
  ) throws(Damage) -> Number {
    if let value {
      write(UInt64(value))
      return value
    }
    let wide = try readNumber()
    guard let value = Number(exactly: wide) else {
      throw Damage(text: "\(wide) is too large for its field")
    }
    return value
  }

  @discardableResult
  func signed(_ value: Int64?) throws(Damage) -> Int64 {
    let folded = try number(value.map { UInt64(bitPattern: $0 << 1 ^ $0 >> 63) })
    return Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
  }

  func signed(_ value: Int?) throws(Damage) -> Int { Int(try signed(value.map { Int64($0) })) }

  private func write(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  private func readNumber() throws(Damage) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try octet(nil)
      let bits = UInt64(next & 0x7f)
      guard shift < 63 || (shift == 63 && bits <= 1) else {
        throw Damage(text: "a number has more than 64 bits")
      }
      value |= bits << shift
      if next & 0x80 == 0 { return value }
      shift += 7
    }
  }

  // MARK: octets

  func octets(_ value: [UInt8]?) throws(Damage) -> [UInt8] {
    guard let value else { return Array(try read()) }
    if hasRoom(for: value.count) { bytes.append(contentsOf: value) }
    return value
  }

  func text(_ value: String?) throws(Damage) -> String {
    guard let value else { return String(decoding: try read(), as: UTF8.self) }
    let octets = value.utf8
    if hasRoom(for: octets.count) { bytes.append(contentsOf: octets) }
    return value
  }

  /// Octets that decide nothing beyond `JournalFormat.bodyLimit`: what is longer is cut, and behind it stands how many
  /// octets were cut. `masking` sees what is kept of them.
  func body(
    _ value: [UInt8]?, masking: ([UInt8]) -> [UInt8]
  ) throws(Damage) -> [UInt8] {
    guard let value else {
      let kept = try octets(nil)
      _ = try readNumber()
      return kept
    }
    let cut = max(0, value.count - JournalFormat.bodyLimit)
    _ = try octets(masking(cut == 0 ? value : Array(value.dropLast(cut))))
    write(UInt64(cut))
    return value
  }

  func body(_ value: [UInt8]?) throws(Damage) -> [UInt8] { try body(value) { $0 } }

  // MARK: messages

  /// One SIP message; when read it points into the journal.
  func message(_ value: UnsafeRawBufferPointer?) throws(Damage) -> UnsafeRawBufferPointer {
    guard let value else { return try read() }
    var lines = LineMask()
    if hasRoom(for: value.count) {
      let start = append(value)
      lines.mask(&bytes, from: start)
    }
    return value
  }

  func message(_ value: [UInt8]?) throws(Damage) -> [UInt8] {
    guard let value else { return Array(try read()) }
    var lines = LineMask()
    if hasRoom(for: value.count) {
      let start = bytes.count
      bytes.append(contentsOf: value)
      lines.mask(&bytes, from: start)
    }
    return value
  }

  /// A piece of what arrives over a stream, where a header may be cut in two.
  func piece(
    _ value: UnsafeRawBufferPointer?, of stream: ConnectionID
  ) throws(Damage) -> UnsafeRawBufferPointer {
    guard let value else { return try read() }
    if hasRoom(for: value.count) {
      let start = append(value)
      mask.stream(stream, &bytes, from: start)
    }
    return value
  }

  /// A stream of which nothing more comes or goes.
  func endedStream(_ value: ConnectionID?) throws(Damage) -> ConnectionID {
    if let value { mask.streamEnded(value) }
    return try connection(value)
  }

  /// Where they begin.
  private func append(_ octets: UnsafeRawBufferPointer) -> Int {
    defer { bytes.append(contentsOf: octets) }
    return bytes.count
  }

  /// Writes the count; false: the octets would make the record too long, and are left out.
  private func hasRoom(for count: Int) -> Bool {
    write(UInt64(count))
    guard count <= JournalFormat.recordLimit - min(bytes.count, JournalFormat.recordLimit) else {
      omitted += count
      return false
    }
    return true
  }

  private func read() throws(Damage) -> UnsafeRawBufferPointer {
    let count = try readNumber()
    guard count <= UInt64(source.count - position) else {
      throw Damage(text: "\(count) octets are announced and \(source.count - position) are left")
    }
    let start = position
    position += Int(count)
    return UnsafeRawBufferPointer(rebasing: source[start..<position])
  }

  // MARK: what other fields are made of

  func list<Element>(
    _ values: [Element]?, _ each: (Element?) throws(Damage) -> Element
  ) throws(Damage) -> [Element] {
    let count: UInt64 = try number(values.map { UInt64($0.count) })
    if let values {
      for value in values { _ = try each(value) }
      return values
    }
    // Each element takes an octet at least: a count beyond that is damage, not a wish for memory.
    guard count <= UInt64(source.count - position) else {
      throw Damage(text: "a list of \(count) does not fit into the record")
    }
    var read: [Element] = []
    for _ in 0..<count { read.append(try each(nil)) }
    return read
  }

  func optional<Value>(
    _ value: Value?, _ each: (Value?) throws(Damage) -> Value
  ) throws(Damage) -> Value? {
    guard try flag(isReading ? nil : value != nil) else { return nil }
    return try each(value)
  }

  /// A value stored by its raw value.
  func raw<Value: RawRepresentable>(
    _ value: Value?
  ) throws(Damage) -> Value where Value.RawValue == UInt8 {
    let number = try octet(value?.rawValue)
    guard let value = value ?? Value(rawValue: number) else {
      throw Damage(text: "there is no \(Value.self) \(number)")
    }
    return value
  }

  func named<Value: RawRepresentable>(
    _ value: Value?
  ) throws(Damage) -> Value where Value.RawValue == String {
    let name = try text(value?.rawValue)
    guard let value = value ?? Value(rawValue: name) else {
      throw Damage(text: "there is no \(Value.self) named \(name)")
    }
    return value
  }

  /// Which case of an enum follows.
  func kind<Value: Kinded>(of value: Value?) throws(Damage) -> Value.Kind {
    let number = try octet(value?.kind.rawValue)
    guard let kind = value?.kind ?? Value.Kind(rawValue: number) else {
      throw Damage(text: "there is no \(Value.self) \(number)")
    }
    return kind
  }
}
