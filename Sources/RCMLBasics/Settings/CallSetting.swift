/// One setting of one call, by name and as text (spec Q-35).
public struct CallSetting: Hashable, Sendable {
  public var name: String
  public var value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}
