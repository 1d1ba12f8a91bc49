/// One name-addr or addr-spec with its parameters (RFC 3261 §20.10): From, To, Contact, P-Asserted-Identity …
public struct NameAddress: Hashable, Sendable {
  /// Without quotes, escapes undone; empty = none. Control octets that a quoted pair let in are blanks here:
  /// a display name goes to webhooks and logs (failures P6).
  public let displayName: [UInt8]
  /// Without brackets, as it stood.
  public let uri: [UInt8]
  public let parameters: [Parameter]

  public struct Parameter: Hashable, Sendable {
    public let name: [UInt8]
    /// Empty = none; a quoted value without its quotes.
    public let value: [UInt8]
  }

  /// The first value of `octets`; nil when it is none.
  public static func read(_ text: ArraySlice<UInt8>) -> NameAddress? {
    text.withUnsafeBytes { octets in
      guard let scan = AddressScan.read(octets, from: 0, to: octets.count) else { return nil }
      var parameters: [Parameter] = []
      var walk = ParameterScan(
        octets, from: scan.parameters.lowerBound, to: scan.parameters.upperBound)
      while let parameter = walk.next() {
        parameters.append(
          Parameter(
            name: Array(octets[parameter.name]), value: unquoted(octets, parameter.value)))
      }
      return NameAddress(
        displayName: shown(octets, scan.displayName), uri: Array(octets[scan.uri]),
        parameters: parameters)
    }
  }

  /// Without its parameters.
  static func readPlain(_ text: ArraySlice<UInt8>) -> NameAddress? {
    text.withUnsafeBytes { octets in
      AddressScan.read(octets, from: 0, to: octets.count).map { scan in
        NameAddress(
          displayName: shown(octets, scan.displayName), uri: Array(octets[scan.uri]),
          parameters: [])
      }
    }
  }

  private static func shown(_ octets: UnsafeRawBufferPointer, _ range: Range<Int>) -> [UInt8] {
    var name = unquoted(octets, range)
    for place in name.indices where !name[place].isHeaderOctet { name[place] = 32 }
    return name
  }

  /// The value of a parameter (lower-case name); nil = not there, empty = without a value.
  public func parameter(_ name: StaticString) -> [UInt8]? {
    parameters.first { $0.name[...].equalsIgnoringCase(name) }?.value
  }

  private static func unquoted(
    _ octets: UnsafeRawBufferPointer, _ range: Range<Int>
  ) -> [UInt8] {
    guard range.count >= 2, octets[range.lowerBound] == UInt8(ascii: "\"") else {
      return Array(octets[range])
    }
    var text: [UInt8] = []
    text.reserveCapacity(range.count - 2)
    var position = range.lowerBound + 1
    while position < range.upperBound - 1 {
      if octets[position] == UInt8(ascii: "\\"), position + 1 < range.upperBound - 1 {
        position += 1
      }
      text.append(octets[position])
      position += 1
    }
    return text
  }
}
