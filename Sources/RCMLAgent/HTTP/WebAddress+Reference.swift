import RCMLBasics

extension WebAddress {
  /// What a `Location` leads to from here (RFC 3986 §5.2); nil when it is no URL we ask. Blanks in it are encoded, as everybody
  /// else does (spec H-32): nobody who could correct it is told.
  func following(_ location: String) -> WebAddress? {
    let location = WebAddress.withoutBlanks(location)
    if let absolute = WebAddress(location) { return absolute }
    if WebAddress.hasScheme(location) { return nil }
    if location.hasPrefix("//") { return WebAddress(scheme + ":" + location) }
    let base = "\(scheme)://\(authority)"
    let reference = location.prefix { $0 != "?" && $0 != "#" }
    let behind = location.dropFirst(reference.count)
    if reference.isEmpty {
      let own = behind.hasPrefix("?") ? "" : query.map { "?" + $0 } ?? ""
      return WebAddress(base + path + own + behind)
    }
    let folder = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
    let merged = reference.hasPrefix("/") ? String(reference) : "\(folder)/\(reference)"
    return WebAddress(base + WebAddress.withoutDotSegments(merged) + behind)
  }

  private static func withoutBlanks(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: " ")) else { return text }
    var octets: [UInt8] = []
    for octet in text.utf8 {
      if octet == UInt8(ascii: " ") {
        PercentEncoding.append(octet, to: &octets)
      } else {
        octets.append(octet)
      }
    }
    return String(decoding: octets, as: UTF8.self)
  }

  private static func hasScheme(_ reference: String) -> Bool {
    guard let colon = reference.firstIndex(of: ":") else { return false }
    return reference[..<colon].allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "+" || $0 == "-" || $0 == ".")
    }
  }

  /// RFC 3986 §5.2.4.
  private static func withoutDotSegments(_ path: String) -> String {
    var kept: [Substring] = []
    let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    for (index, segment) in segments.enumerated() {
      let isLast = index == segments.count - 1
      switch segment {
      case ".":
        if isLast { kept.append("") }
      case "..":
        _ = kept.popLast()
        if isLast { kept.append("") }
      default:
        kept.append(segment)
      }
    }
    return "/" + kept.joined(separator: "/")
  }
}
