import RCMLBasics
import RCMLDial

/// How one call behaves, and asks the web, where the host gave it settings of its own (spec Q-35). Calls with the same
/// ones share it.
final class OwnSettings {
  let given: [CallSetting]
  let rules: CallRules
  let web: WebSettings

  init(_ given: [CallSetting], _ rules: CallRules) {
    self.given = given
    self.rules = rules
    web = rules.settings.web
  }
}
