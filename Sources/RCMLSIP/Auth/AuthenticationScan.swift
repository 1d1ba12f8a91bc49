/// Walks `Scheme name=value, name="value", Scheme …` as it stands in the header fields of authentication (RFC 3261
/// §25.1, and several in one field as RFC 9110 §11.6.1 has it).
///
/// Nothing of a peer can trap here: what cannot be read ends the walk.
struct AuthenticationScan {
  enum Piece: Equatable {
    case scheme(Range<Int>)
    /// `isQuoted`: the value still has its quotes.
    case parameter(name: Range<Int>, value: Range<Int>, isQuoted: Bool)
    /// What stood before may have been cut short.
    case broken
  }

  private let octets: UnsafeRawBufferPointer
  private var position = 0
  private var isOver = false

  init(_ octets: UnsafeRawBufferPointer) { self.octets = octets }

  mutating func next() -> Piece? {
    let end = octets.count
    while position < end, octets[position].isBlank || octets[position] == UInt8(ascii: ",") {
      position += 1
    }
    guard !isOver, position < end else { return nil }
    let start = position
    while position < end, octets[position].isTokenOctet { position += 1 }
    let name = start..<position
    guard !name.isEmpty else { return broken() }
    let next = octets.skipBlanks(from: position, to: end)
    guard next < end, octets[next] == UInt8(ascii: "=") else { return .scheme(name) }
    let value = octets.skipBlanks(from: next + 1, to: end)
    if value < end, octets[value] == UInt8(ascii: "\"") {
      guard let close = octets.endOfQuoted(from: value, to: end) else { return broken() }
      position = close
      return .parameter(name: name, value: value..<close, isQuoted: true)
    }
    position = value
    while position < end, !octets[position].isBlank, octets[position] != UInt8(ascii: ",") {
      position += 1
    }
    return .parameter(name: name, value: value..<position, isQuoted: false)
  }

  private mutating func broken() -> Piece {
    isOver = true
    return .broken
  }

  /// The value without quotes and escapes; nil when it is too long, or holds what no header of ours may hold.
  static func text(
    _ octets: UnsafeRawBufferPointer, _ range: Range<Int>, isQuoted: Bool
  ) -> [UInt8]? {
    guard range.count <= lengthLimit else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    var position = isQuoted ? range.lowerBound + 1 : range.lowerBound
    let end = isQuoted ? range.upperBound - 1 : range.upperBound
    while position < end {
      if isQuoted, octets[position] == UInt8(ascii: "\\"), position + 1 < end { position += 1 }
      guard octets[position] >= 32, octets[position] != 127 else { return nil }
      result.append(octets[position])
      position += 1
    }
    return result
  }

  /// Octets of one value.
  static let lengthLimit = 1_024
}
