/// One setting of one call, by name and as text (spec Q-35).
package struct CallSetting: Hashable, Sendable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}
