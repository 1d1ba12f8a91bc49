/// The host of a target: `host` of RFC 3261 §25.1: a name, an IPv4 address, or an IPv6 address in brackets.
public enum TargetHost {
  public static func isHost(_ text: Substring) -> Bool {
    let octets = Array(text.utf8)
    if octets.first == UInt8(ascii: "[") {
      return octets.last == UInt8(ascii: "]")
        && SocketAddress.read(host: octets[...], port: 0) != nil
    }
    return isName(octets[...])
      || SocketAddress.read(host: octets[...], port: 0) != nil
        && !octets.contains(UInt8(ascii: ":"))
  }

  /// `*( domainlabel "." ) toplabel [ "." ]`. What ends in a number has to be an address; an underscore is let
  /// through: name servers of containers make such names.
  private static func isName(_ text: ArraySlice<UInt8>) -> Bool {
    var text = text
    if text.last == UInt8(ascii: ".") { text = text.dropLast() }
    guard !text.isEmpty, text.count <= 253 else { return false }
    let labels = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard labels.allSatisfy(isLabel), let top = labels.last else { return false }
    return !top.allSatisfy(\.isDigit)
  }

  private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
    let hyphen = UInt8(ascii: "-")
    guard !label.isEmpty, label.count <= 63, label.first != hyphen, label.last != hyphen else {
      return false
    }
    return label.allSatisfy {
      $0.isAlphanumeric || $0 == hyphen || $0 == UInt8(ascii: "_")
    }
  }
}
