import RCMLBasics

/// The address part of a target (spec S-1, S-2): taken apart and checked.
struct SipURIText {
  var isSecure = false
  /// Percent-encoded where that was unambiguous.
  var user = ""
  var host = ""
  var port: UInt16 = 0
  /// Name and value as written; value nil = none.
  var parameters: [(name: String, value: String?)] = []

  /// nil = not one that can be dialled.
  static func read(_ text: String) -> SipURIText? {
    var uri = SipURIText()
    var rest = Substring(text)
    let lower = text.lowercased()
    if lower.hasPrefix("sips:") {
      uri.isSecure = true
      rest = rest.dropFirst(5)
    } else if lower.hasPrefix("sip:") {
      rest = rest.dropFirst(4)
    }
    if let at = rest.lastIndex(of: "@") {
      guard let user = encodedUser(rest[..<at]) else { return nil }
      uri.user = user
      rest = rest[rest.index(after: at)...]
    }
    let pieces = rest.split(separator: ";", omittingEmptySubsequences: false)
    guard let place = pieces.first, uri.take(place: place) else { return nil }
    for piece in pieces.dropFirst() {
      guard !piece.isEmpty, piece.utf8.allSatisfy(isParameterOctet) else { return nil }
      let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard !parts[0].isEmpty, hasWholeEscapes(piece) else { return nil }
      guard parts.count == 1 || !parts[1].contains("=") else { return nil }
      uri.parameters.append((String(parts[0]), parts.count > 1 ? String(parts[1]) : nil))
    }
    return uri
  }

  private mutating func take(place: Substring) -> Bool {
    var host = place
    var portText: Substring?
    if place.hasPrefix("[") {
      guard let close = place.firstIndex(of: "]") else { return false }
      host = place[...close]
      let behind = place[place.index(after: close)...]
      if !behind.isEmpty {
        guard behind.hasPrefix(":") else { return false }
        portText = behind.dropFirst()
      }
      let address = Array(host.utf8.dropFirst().dropLast())
      guard SocketAddress.read(host: address[...], port: 1)?.family == .ipv6 else { return false }
    } else {
      if let colon = place.firstIndex(of: ":") {
        host = place[..<colon]
        portText = place[place.index(after: colon)...]
      }
      guard SipURIText.isHost(host) else { return false }
    }
    if let portText {
      guard portText.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let port = UInt16(portText),
        port > 0
      else { return false }
      self.port = port
    }
    self.host = String(host)
    return true
  }

  /// RFC 3261 §25.1 user; letters beyond ASCII are percent-encoded (S-2).
  private static func encodedUser(_ text: Substring) -> String? {
    guard !text.isEmpty, hasWholeEscapes(text) else { return nil }
    var written = ""
    for octet in text.utf8 {
      switch octet {
      case 48...57, 65...90, 97...122: written.unicodeScalars.append(Unicode.Scalar(octet))
      case 128...255: written += "%" + String(octet, radix: 16, uppercase: true)
      default:
        guard "-_.!~*'()&=+$,;?/%:".utf8.contains(octet) else { return nil }
        written.unicodeScalars.append(Unicode.Scalar(octet))
      }
    }
    return written
  }

  private static func isHostOctet(_ octet: UInt8) -> Bool {
    switch octet {
    case 48...57, 65...90, 97...122, 45, 46, 95: true
    default: false
    }
  }

  /// RFC 3261 §25.1 hostname or IPv4address: what ends in a number has to be an address.
  private static func isHost(_ host: Substring) -> Bool {
    guard !host.isEmpty, host.utf8.allSatisfy(isHostOctet) else { return false }
    let name = host.hasSuffix(".") ? host.dropLast() : host
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    guard labels.allSatisfy({ !$0.isEmpty && !$0.hasPrefix("-") && !$0.hasSuffix("-") }) else {
      return false
    }
    guard labels.last?.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) == true else { return true }
    return SocketAddress.read(host: Array(host.utf8)[...], port: 1)?.family == .ipv4
  }

  /// Every `%` is followed by two hex digits.
  private static func hasWholeEscapes(_ text: Substring) -> Bool {
    let octets = Array(text.utf8)
    func isHex(_ index: Int) -> Bool {
      guard index < octets.count else { return false }
      switch octets[index] {
      case 48...57, 65...70, 97...102: return true
      default: return false
      }
    }
    return octets.indices.allSatisfy { index in
      octets[index] != UInt8(ascii: "%") || (isHex(index + 1) && isHex(index + 2))
    }
  }

  @Sendable private static func isParameterOctet(_ octet: UInt8) -> Bool {
    switch octet {
    case 48...57, 65...90, 97...122: true
    default: "-_.!~*'()[]/:&+$%=".utf8.contains(octet)
    }
  }
}
