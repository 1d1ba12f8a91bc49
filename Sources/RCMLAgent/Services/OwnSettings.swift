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

/// The last of them: the calls of one tenant have the same ones, and the next call of it needs nothing made anew. They
/// are made from the agent's settings, and forgotten when those change.
struct OwnSettingsShelf {
  static let places = 16
  /// The one that was wanted last stands in front.
  private var kept: [OwnSettings] = []

  mutating func forgetAll() { kept.removeAll() }

  mutating func take(_ given: [CallSetting]) -> OwnSettings? {
    guard let index = kept.firstIndex(where: { $0.given == given }) else { return nil }
    if index > 0 { kept.insert(kept.remove(at: index), at: 0) }
    return kept[0]
  }

  mutating func put(_ settings: OwnSettings) {
    if kept.count == OwnSettingsShelf.places { kept.removeLast() }
    kept.insert(settings, at: 0)
  }
}
