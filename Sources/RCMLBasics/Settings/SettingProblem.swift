/// Why a setting was refused, in a sentence that says what to do (spec Q-3).
package struct SettingProblem: Error, Hashable, Sendable {
  package var text: String
}
