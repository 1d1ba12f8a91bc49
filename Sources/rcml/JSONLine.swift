import RCMLBasics

/// One JSON object on one line, members in the order they were added.
struct JSONLine {
  private var text = JSONText()

  mutating func add(_ name: String, _ value: String) { text.add(name, value) }
  mutating func add(_ name: String, _ value: Int64) { text.add(name, value) }
  mutating func add(_ name: String, _ value: Bool) { text.add(name, value) }
  mutating func add(_ name: String, _ values: [String]) { text.add(name, values) }

  /// Left out when there is nothing to say.
  mutating func addUnlessEmpty(_ name: String, _ value: String) {
    text.addUnlessEmpty(name, value)
  }

  var line: String { text.text }
}
