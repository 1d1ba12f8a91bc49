/// The objects of a trace, call by call.
struct PageData {
  /// A call's own object, and those of what happened in it.
  struct Call {
    var object: String
    var entries: [String] = []
  }

  private(set) var calls: [Call] = []
  /// What belongs to no call.
  private(set) var outside: [String] = []

  /// As `json` hands them out: a call, what happened in it, the next call, and last what belongs to none.
  init(_ objects: [String]) {
    for line in objects {
      let object = line.hasSuffix("\n") ? String(line.dropLast()) : line
      if PageData.isCall(object) {
        calls.append(Call(object: object))
      } else if PageData.isOfCall(object), !calls.isEmpty {
        calls[calls.count - 1].entries.append(object)
      } else {
        outside.append(object)
      }
    }
  }

  static func isCall(_ object: String) -> Bool { object.hasPrefix("{\"kind\":\"call\",") }

  /// The member `call` stands right behind the kind.
  private static func isOfCall(_ object: String) -> Bool {
    guard let mark = object.utf8.firstIndex(of: UInt8(ascii: ",")) else { return false }
    return object.utf8[object.utf8.index(after: mark)...].starts(with: "\"call\":".utf8)
  }

  var list: String { PageData.array(calls.map(\.object)) }

  static func array(_ objects: [String]) -> String { "[" + objects.joined(separator: ",\n") + "]" }
}
