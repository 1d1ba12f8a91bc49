import RCMLBasics

/// The headers of a request for a sound, as `Vary` speaks of them (RFC 9111 §4.1). User info is part of the key, and so the
/// same for the same sound.
struct RequestHeaders: Equatable {
  /// The same in every request until a setting is set.
  let standing: [HeaderLine]
  /// Names, in lower case, of those that are never the same twice.
  let single: [[UInt8]]

  init(standing: [HeaderLine] = [], single: [[UInt8]] = []) {
    self.standing = standing.map { HeaderLine(name: $0.name.map(\.lowercased), value: $0.value) }
    self.single = single.map { $0.map(\.lowercased) }
  }

  /// Those that `fields` name; nil = no other request is like this one.
  func nominated(by fields: [HeaderLine]) -> [HeaderLine]? {
    var found: [HeaderLine] = []
    for field in fields where field.name.elementsEqual("vary".utf8) {
      for (name, _) in CacheControl.directives(field.value) {
        let name = Array(name.utf8)
        if name == [UInt8(ascii: "*")] || single.contains(name) { return nil }
        found += standing.filter { $0.name == name }
      }
    }
    return found
  }
}
