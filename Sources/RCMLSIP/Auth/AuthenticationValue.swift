/// One `Digest …` of a header field of authentication: its parameters by name, each at most once.
struct AuthenticationValue {
  enum Name: UInt8, CaseIterable {
    case realm, nonce, opaque, algorithm, qop, stale, userhash, username, uri, response, cnonce, nc

    init?(_ octets: UnsafeRawBufferPointer, _ range: Range<Int>) {
      for name in Name.allCases where octets.equalsIgnoringCase(name.text, range) {
        self = name
        return
      }
      return nil
    }

    private var text: StaticString {
      switch self {
      case .realm: "realm"
      case .nonce: "nonce"
      case .opaque: "opaque"
      case .algorithm: "algorithm"
      case .qop: "qop"
      case .stale: "stale"
      case .userhash: "userhash"
      case .username: "username"
      case .uri: "uri"
      case .response: "response"
      case .cnonce: "cnonce"
      case .nc: "nc"
      }
    }
  }

  private var values: [[UInt8]?] = Array(repeating: nil, count: Name.allCases.count)
  /// A parameter stood there twice, could not be read, or is too long: nobody should guess which one counts.
  private(set) var isBroken = false

  subscript(_ name: Name) -> [UInt8]? { values[Int(name.rawValue)] }

  func isTrue(_ name: Name) -> Bool { self[name]?[...].equalsIgnoringCase("true") ?? false }

  /// Those of scheme Digest, in order, of one header field. Of one that is longer than any honest one the rest is
  /// not looked at.
  static func read(_ field: ArraySlice<UInt8>, limit: Int = 8) -> [AuthenticationValue] {
    var result: [AuthenticationValue] = []
    var current: AuthenticationValue?
    field.prefix(lengthLimit).withUnsafeBytes { octets in
      var scan = AuthenticationScan(octets)
      while let piece = scan.next() {
        switch piece {
        case .scheme(let range):
          if let current { result.append(current) }
          current = octets.equalsIgnoringCase("digest", range) ? AuthenticationValue() : nil
          if result.count == limit { return }
        case .parameter(let name, let value, let isQuoted):
          guard let name = Name(octets, name) else { continue }
          current?.put(AuthenticationScan.text(octets, value, isQuoted: isQuoted), name)
        case .broken:
          current?.isBroken = true
        }
      }
      if let current { result.append(current) }
    }
    return result
  }

  private mutating func put(_ value: [UInt8]?, _ name: Name) {
    guard let value, self[name] == nil else {
      isBroken = true
      return
    }
    values[Int(name.rawValue)] = value
  }

  private static let lengthLimit = 8_192
}
