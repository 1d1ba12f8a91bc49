/// Why a setting was refused, in a sentence that says what to do (spec Q-3).
public struct SettingProblem: Error, Hashable, Sendable {
  public var text: String
}
