/// The text of settings: how their pieces are read and written.
enum SettingText {
  /// In place of a secret that there is.
  static let masked = "***"

  static func isPrintable(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 >= 32 && $0 != 127 }
  }

  static func wholeNumber(_ text: some StringProtocol) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy(\.isDigit) else { return nil }
    return Int(text)
  }

  /// `2.05`: up to three decimals.
  static func seconds(_ text: String, in range: ClosedRange<Int>) -> Interval? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first.flatMap({ wholeNumber($0) }), range.contains(whole) else {
      return nil
    }
    var milliseconds = 0
    if parts.count == 2 {
      let decimals = parts[1]
      guard (1...3).contains(decimals.utf8.count), let fraction = wholeNumber(decimals) else {
        return nil
      }
      milliseconds = fraction * [100, 10, 1][decimals.utf8.count - 1]
      if whole == range.upperBound, milliseconds > 0 { return nil }
    }
    return .milliseconds(whole * 1_000 + milliseconds)
  }

  /// As it is read.
  static func seconds(_ interval: Interval) -> String {
    let milliseconds = interval.wholeMilliseconds
    let rest = milliseconds % 1_000
    guard rest > 0 else { return "\(milliseconds / 1_000)" }
    var decimals = String(rest + 1_000).dropFirst()
    while decimals.last == "0" { decimals.removeLast() }
    return "\(milliseconds / 1_000).\(decimals)"
  }

  static func isURL(_ text: String, _ schemes: [String]) -> Bool {
    let lower = text.lowercased()
    guard let scheme = schemes.first(where: { lower.hasPrefix($0) }) else { return false }
    let rest = text.utf8.dropFirst(scheme.utf8.count)
    let isNamed = rest.first.map { $0 != UInt8(ascii: "/") || !scheme.hasPrefix("http") } ?? false
    return isNamed && !rest.contains(UInt8(ascii: " "))
  }

  /// `user:password`.
  static func isCredentials(_ text: String) -> Bool {
    let mark = text.utf8.firstIndex(of: UInt8(ascii: ":"))
    return mark.map { $0 > text.startIndex } ?? false
  }

  /// An IPv4 address, an IPv6 address in brackets, or a name with a dot in it.
  static func isHost(_ text: String) -> Bool {
    let isNumeric = SocketAddress.read(host: Array(text.utf8)[...], port: 0) != nil
    return TargetHost.isHost(text[...])
      && (isNumeric || text == "localhost" || text.utf8.contains(UInt8(ascii: ".")))
  }

  /// A host, with a port or without.
  static func isHostAndPort(_ text: String) -> Bool {
    let uri = SipURIText.read(text)
    return uri.map { $0.user.isEmpty && $0.parameters.isEmpty } ?? false
      && !SipURIText.hasScheme(text)
  }

  /// At most four numeric addresses with or without a port, divided by commas.
  static func isAddresses(_ text: String) -> Bool {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    return parts.count <= 4 && parts.allSatisfy(isAddress)
  }

  private static func isAddress(_ text: Substring) -> Bool {
    var host = Array(text.utf8)
    let isReference = host.first == UInt8(ascii: "[")
    guard isReference || host.filter({ $0 == UInt8(ascii: ":") }).count <= 1 else { return false }
    if host.last != UInt8(ascii: "]"), let colon = host.lastIndex(of: UInt8(ascii: ":")) {
      guard let port = wholeNumber(String(decoding: host[(colon + 1)...], as: UTF8.self)),
        (1...65_535).contains(port)
      else { return false }
      host = Array(host[..<colon])
    }
    return SocketAddress.read(host: host[...], port: 0) != nil
  }
}
