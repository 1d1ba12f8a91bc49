/// One JSON object (RFC 8259), members in the order in which they were added.
public struct JSONText: Sendable {
  private var octets: [UInt8] = [UInt8(ascii: "{")]

  public init() {}

  public var text: String { String(decoding: octets, as: UTF8.self) + "}" }

  public mutating func add(_ name: String, _ value: String) {
    begin(name)
    quote(value)
  }

  public mutating func add(_ name: String, _ value: Int64) {
    begin(name)
    octets += "\(value)".utf8
  }

  public mutating func add(_ name: String, _ value: Int) { add(name, Int64(value)) }

  public mutating func add(_ name: String, _ value: Bool) {
    begin(name)
    octets += (value ? "true" : "false").utf8
  }

  public mutating func add(_ name: String, _ value: JSONText) {
    begin(name)
    octets += value.octets
    octets.append(UInt8(ascii: "}"))
  }

  public mutating func add(_ name: String, _ values: [String]) {
    list(name, values) { $0.quote($1) }
  }

  public mutating func add(_ name: String, _ values: [JSONText]) {
    list(name, values) {
      $0.octets += $1.octets
      $0.octets.append(UInt8(ascii: "}"))
    }
  }

  /// Left out when there is nothing to say.
  public mutating func addUnlessEmpty(_ name: String, _ value: String) {
    if !value.isEmpty { add(name, value) }
  }

  private mutating func list<Value>(
    _ name: String, _ values: [Value], _ append: (inout JSONText, Value) -> Void
  ) {
    begin(name)
    octets.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if index > 0 { octets.append(UInt8(ascii: ",")) }
      append(&self, value)
    }
    octets.append(UInt8(ascii: "]"))
  }

  private mutating func begin(_ name: String) {
    if octets.count > 1 { octets.append(UInt8(ascii: ",")) }
    quote(name)
    octets.append(UInt8(ascii: ":"))
  }

  /// RFC 8259 §7. What stands between is UTF-8 as it is.
  private mutating func quote(_ value: String) {
    octets.append(UInt8(ascii: "\""))
    for octet in value.utf8 {
      switch octet {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        octets.append(UInt8(ascii: "\\"))
        octets.append(octet)
      case 0x0a: octets += "\\n".utf8
      case 0x0d: octets += "\\r".utf8
      case 0x09: octets += "\\t".utf8
      case 0..<0x20:
        octets += "\\u00".utf8
        octets.append(JSONText.digit(octet >> 4))
        octets.append(JSONText.digit(octet & 15))
      default: octets.append(octet)
      }
    }
    octets.append(UInt8(ascii: "\""))
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &+ value &- 10
  }
}
