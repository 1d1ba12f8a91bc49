import RCMLBasics
import RCMLDial

/// How one call behaves, and asks the web, where the host gave it settings of its own (spec Q-35). Calls with the same
/// ones share it.
final class OwnSettings {
  let given: [CallSetting]
  /// A call that has begun may be given them, too.
  let areOfAnyCall: Bool
  let rules: CallRules
  let web: WebSettings

  init(_ given: [CallSetting], _ rules: CallRules) {
    self.given = given
    areOfAnyCall = given.allSatisfy { Settings.entry($0.name)?.scope == .call }
    self.rules = rules
    web = rules.settings.web
  }
}
