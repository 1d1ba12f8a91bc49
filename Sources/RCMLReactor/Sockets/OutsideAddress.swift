import RCMLBasics

/// Under which address a listener is known outside its own network, as its option says: `;public=203.0.113.1`, with a port
/// where a NAT maps another one than is listened at (spec T-5).
public struct OutsideAddress: Hashable, Sendable {
  /// A name, an IPv4 address, or an IPv6 address in brackets.
  private let host: [UInt8]
  private let port: UInt16?

  /// nil: there is no such parameter, or no host in it.
  init?(parameter: [UInt8]) {
    let name = Array("public=".utf8)
    guard parameter.starts(with: name) else { return nil }
    let value = parameter[name.count...]
    let end: Int
    if value.first == UInt8(ascii: "[") {
      guard let closing = value.firstIndex(of: UInt8(ascii: "]")),
        SocketAddress.read(host: value[(value.startIndex + 1)..<closing], port: 0)?.family == .ipv6
      else { return nil }
      end = closing + 1
    } else {
      end = value.firstIndex(of: UInt8(ascii: ":")) ?? value.endIndex
      guard value.startIndex < end, end - value.startIndex <= 253,
        value[..<end].allSatisfy(OutsideAddress.isHostOctet)
      else { return nil }
    }
    host = Array(value[..<end])
    guard end < value.endIndex else {
      port = nil
      return
    }
    guard value[end] == UInt8(ascii: ":"), let number = UInt16(digits: value[(end + 1)...]),
      number > 0
    else { return nil }
    port = number
  }

  private static func isHostOctet(_ octet: UInt8) -> Bool {
    octet.isDigit || (97...122).contains(octet | 0x20) || octet == UInt8(ascii: ".")
      || octet == UInt8(ascii: "-")
  }

  /// `host:port`, where the listener itself is bound to this port.
  func place(port bound: UInt16) -> [UInt8] { host + Array(":\(port ?? bound)".utf8) }

  /// As the option has it.
  var text: String {
    ";public=" + String(decoding: host, as: UTF8.self) + (port.map { ":\($0)" } ?? "")
  }
}

extension UInt16 {
  /// One to five digits and nothing else.
  init?(digits: ArraySlice<UInt8>) {
    guard (1...5).contains(digits.count), digits.allSatisfy(\.isDigit) else { return nil }
    self.init(exactly: digits.reduce(0) { $0 * 10 + Int($1 - 48) })
  }
}
