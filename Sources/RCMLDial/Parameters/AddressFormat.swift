/// How parties are shown in parameters (spec P-3, P-4, Q-8).
extension CallPolicy.AddressFormat {
  /// The caller's side of a request. `port`: 0 = the URI had none.
  public func shown(
    user: String, host: String, port: UInt16 = 0, isSecure: Bool = false
  ) -> String {
    switch self {
    case .user where !user.isEmpty: user
    case .auto where isNumber(user): user
    case .auto, .uri, .user: uri(user, host, port, isSecure)
    }
  }

  /// The same where the URI is known, and made of the user and a domain.
  func shown(user: String, uri: String) -> String {
    switch self {
    case .user where !user.isEmpty: user
    case .auto where isNumber(user): user
    // What stands after a colon in the user part is a password (P-4, A-8).
    case .auto, .uri, .user:
      user.utf8.contains(UInt8(ascii: ":")) ? SipAddressParts.withoutPassword(uri) : uri
    }
  }

  /// The target of a leg: also a number is shown with its host (P-4).
  public func shownTarget(
    user: String, host: String, port: UInt16, isSecure: Bool
  ) -> String {
    switch self {
    case .user where !user.isEmpty: user
    case .auto, .uri, .user: uri(user, host, port, isSecure)
    }
  }

  private func uri(_ user: String, _ host: String, _ port: UInt16, _ isSecure: Bool) -> String {
    // What stands after a colon in the user part is a password (P-4, A-8).
    var text = isSecure ? "sips:" : "sip:"
    text.reserveCapacity(12 + user.utf8.count + host.utf8.count)
    if !user.isEmpty {
      text += user.prefix { $0 != ":" }
      text += "@"
    }
    text += host
    if port != 0 { text += ":\(port)" }
    return text
  }

  private func isNumber(_ user: String) -> Bool {
    let digits = user.utf8.first == 0x2b ? user.utf8.dropFirst() : user.utf8[...]
    return !digits.isEmpty && digits.allSatisfy { $0 >= 48 && $0 <= 57 }
  }
}
