import RCMLBasics

/// A Route or Record-Route value, as octets.
enum RouteValue {
  /// What stands between the angle brackets, or all of it.
  static func uri(_ value: [UInt8]) -> [UInt8] {
    var quoted = false
    var open: Int?
    for (index, octet) in value.enumerated() {
      if octet == UInt8(ascii: "\""), index == 0 || value[index - 1] != UInt8(ascii: "\\") {
        quoted.toggle()
      }
      guard !quoted else { continue }
      if octet == UInt8(ascii: "<"), open == nil { open = index + 1 }
      if octet == UInt8(ascii: ">"), let open { return Array(value[open..<index]) }
    }
    return value
  }

  /// The Route that leads by this URI, whether it says `lr` itself or not (spec T-4).
  static func loose(_ uri: [UInt8]) -> [UInt8] {
    var route = ByteWriter(capacity: uri.count + 5)
    route.append("<")
    route.append(uri)
    route.append(isLoose(uri) ? ">" : ";lr>")
    return route.finish()
  }

  /// Has the URI parameter `lr`, with or without a value?
  static func isLoose(_ uri: [UInt8]) -> Bool {
    for parameter in uri.split(separator: UInt8(ascii: ";")).dropFirst() {
      let name = parameter.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "?") }
      if name.count == 2,
        name.elementsEqual("lr".utf8) || name.elementsEqual("LR".utf8)
          || name.elementsEqual("Lr".utf8) || name.elementsEqual("lR".utf8)
      {
        return true
      }
    }
    return false
  }

  /// Without the `?name=value` part, which a Request-URI may not have (§19.1.1).
  static func withoutHeaders(_ uri: [UInt8]) -> [UInt8] {
    guard let mark = uri.firstIndex(of: UInt8(ascii: "?")) else { return uri }
    return Array(uri[..<mark])
  }
}
