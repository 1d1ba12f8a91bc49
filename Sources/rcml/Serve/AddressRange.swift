import Glibc

/// Addresses that begin with the same bits: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`.
struct AddressRange {
  private let octets: [UInt8]
  private let bits: Int

  /// nil: it cannot be read.
  init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let octets = AddressRange.octets(of: String(parts[0])) else { return nil }
    self.octets = octets
    guard parts.count == 2 else {
      bits = octets.count * 8
      return
    }
    guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let bits = Int(parts[1]),
      bits <= octets.count * 8
    else { return nil }
    self.bits = bits
  }

  /// `address` as `AddressRange.octets` gives it.
  func contains(_ address: [UInt8]) -> Bool {
    guard address.count == octets.count else { return false }
    let whole = bits / 8
    guard address.prefix(whole) == octets.prefix(whole) else { return false }
    let rest = bits % 8
    return rest == 0 || (address[whole] ^ octets[whole]) >> UInt8(8 - rest) == 0
  }

  /// 4 octets or 16; an IPv4 address that is written as an IPv6 one (`::ffff:192.0.2.7`) is an IPv4 address.
  static func octets(of text: String) -> [UInt8]? {
    var octets = [UInt8](repeating: 0, count: 4)
    if inet_pton(AF_INET, text, &octets) == 1 { return octets }
    octets = [UInt8](repeating: 0, count: 16)
    guard inet_pton(AF_INET6, text, &octets) == 1 else { return nil }
    let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
    return octets.starts(with: mapped) ? Array(octets[12...]) : octets
  }
}
