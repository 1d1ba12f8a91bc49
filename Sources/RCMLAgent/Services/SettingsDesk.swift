import RCMLBasics
import RCMLDial

/// The settings of the agent, and the last of those that calls had of their own: the calls of one tenant have the same
/// ones, and the next call of it needs nothing made anew.
struct SettingsDesk {
  static let places = 16

  /// How calls behave that begin now; another object whenever a setting was set.
  private(set) var rules = SettingsDesk.rules(Settings())
  /// The one that was wanted last stands in front.
  private var kept: [OwnSettings] = []

  private static func rules(_ settings: Settings) -> CallRules {
    let shelf = DocumentShelf()
    return CallRules(
      settings, reader: { shelf.read($0, contentType: $1, url: $2, $3) })
  }

  /// Those of calls are made from them, and forgotten when they change.
  mutating func use(_ settings: Settings) {
    rules = SettingsDesk.rules(settings)
    kept.removeAll()
  }

  /// nil = there are none of its own.
  mutating func own(
    _ given: [CallSetting], isBeginning: Bool
  ) -> Result<OwnSettings?, SettingProblem> {
    if given.isEmpty { return .success(nil) }
    let index = kept.firstIndex { $0.given == given && (isBeginning || $0.areOfAnyCall) }
    if let index {
      if index > 0 { kept.insert(kept.remove(at: index), at: 0) }
      return .success(kept[0])
    }
    return rules.settings.with(given, isBeginning: isBeginning).map { settings in
      let own = OwnSettings(given, SettingsDesk.rules(settings))
      if kept.count == SettingsDesk.places { kept.removeLast() }
      kept.insert(own, at: 0)
      return own
    }
  }
}
