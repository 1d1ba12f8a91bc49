import RCMLBasics

/// What the `Cache-Control` fields of an answer say (RFC 9111 §5.2.2), as far as it changes what a cache does that never
/// plays what is stale.
struct CacheControl: Equatable {
  private(set) var isNotStored = false
  /// With field names behind it, too: a recipient may read it as if there were none (§5.2.2.4, §5.2.2.7).
  private(set) var isNotUsedUnasked = false
  private(set) var isPrivate = false
  private(set) var isPublic = false
  /// Seconds.
  private(set) var maximumAge: Int64?
  private(set) var sharedMaximumAge: Int64?

  /// `fields`: names in lower case.
  init(_ fields: [HeaderLine]) {
    var isThere = false
    for field in fields where field.name.elementsEqual("cache-control".utf8) {
      isThere = true
      for directive in CacheControl.directives(field.value) { read(directive) }
    }
    // What servers of HTTP/1.0 said instead (§5.4 leaves an answer's open; it can only mean one thing).
    let isRefused = fields.contains {
      $0.name.elementsEqual("pragma".utf8)
        && CacheControl.directives($0.value).contains { $0.name == "no-cache" }
    }
    if !isThere, isRefused { isNotUsedUnasked = true }
  }

  private mutating func read(_ directive: (name: String, value: String)) {
    switch directive.name {
    case "no-store": isNotStored = true
    case "no-cache": isNotUsedUnasked = true
    case "private": isPrivate = true
    case "public": isPublic = true
    case "max-age": CacheControl.shorten(&maximumAge, directive.value)
    case "s-maxage": CacheControl.shorten(&sharedMaximumAge, directive.value)
    default: break
    }
  }

  /// Said twice the shorter counts, and what is no number is over already (§4.2.1).
  private static func shorten(_ age: inout Int64?, _ text: String) {
    age = min(age ?? .max, seconds(text) ?? 0)
  }

  /// Delta-seconds (§1.2.2): more than 2^31 is as much as for ever.
  static func seconds(_ text: String) -> Int64? {
    guard !text.isEmpty, text.utf8.allSatisfy(\.isDigit) else { return nil }
    return min(Int64(text) ?? .max, 1 << 31)
  }

  /// Names in lower case, values without quotes.
  static func directives(_ value: [UInt8]) -> [(name: String, value: String)] {
    var found: [(name: String, value: String)] = []
    var name: [UInt8] = []
    var argument: [UInt8] = []
    var (isArgument, isQuoted, isEscaped) = (false, false, false)
    func end() {
      let word = String(decoding: name.map(\.lowercased), as: UTF8.self)
      if !word.isEmpty { found.append((word, String(decoding: argument, as: UTF8.self))) }
      (name, argument, isArgument) = ([], [], false)
    }
    for octet in value {
      switch octet {
      case _ where isEscaped:
        isEscaped = false
        argument.append(octet)
      case UInt8(ascii: "\\") where isQuoted: isEscaped = true
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted: end()
      case UInt8(ascii: "=") where !isArgument: isArgument = true
      case 32, 9: if isQuoted { argument.append(octet) }
      default:
        if isArgument { argument.append(octet) } else { name.append(octet) }
      }
    }
    end()
    return found
  }
}
