import RCMLBasics

extension HeaderLine {
  /// Whether this is the header of that name, which is given in lower case.
  func isNamed(_ lowerCase: StaticString) -> Bool {
    guard name.count == lowerCase.utf8CodeUnitCount else { return false }
    for (index, octet) in name.enumerated() {
      let lower = octet >= 65 && octet <= 90 ? octet | 0x20 : octet
      if lower != lowerCase.utf8Start[index] { return false }
    }
    return true
  }

  /// A header field and nothing else: a token, and no octet that could end its line (spec ).
  var isWhole: Bool {
    !name.isEmpty && name.allSatisfy(\.isTokenOctet) && value.allSatisfy { $0 >= 32 && $0 != 127 }
  }

  /// Shown to documents (spec X-20).
  var isShown: Bool {
    if name.count > 2, name[0] | 0x20 == UInt8(ascii: "x"), name[1] == UInt8(ascii: "-") {
      return true
    }
    return isNamed("user-to-user") || isNamed("diversion")
  }

  /// Words of a value separated by commas or semicolons, as `Privacy` has them (RFC 3323 §4.2).
  func hasWord(_ lowerCase: String) -> Bool {
    String(decoding: value, as: UTF8.self).lowercased()
      .split { $0 == "," || $0 == ";" || $0 == " " }
      .contains { $0 == lowerCase }
  }
}
