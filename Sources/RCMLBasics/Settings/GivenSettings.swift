/// What was set by name, so that a preset can be put underneath it wherever it stands (spec Q-2).
struct GivenSettings: Sendable {
  /// Empty = none was chosen.
  private(set) var preset = ""
  private(set) var values: [(name: String, value: String)] = []

  mutating func choose(preset name: String) { preset = name }

  /// Nil: it was taken back.
  mutating func put(_ name: String, _ value: String?) {
    if name == "preset" {
      preset = value ?? ""
      return
    }
    values.removeAll { $0.name == name }
    if let value { values.append((name, value)) }
  }
}
