extension Settings {
  /// Puts one setting by its name (spec ); nil = what the preset says of it, or else its default (spec Q-35). When it
  /// is refused nothing is changed.
  public mutating func set(_ name: String, _ value: String?) -> Result<Void, SettingProblem> {
    guard let entry = Settings.entry(name) else { return .failure(Settings.unknown(name)) }
    guard let value else {
      given.put(name, nil)
      putAnew()
      return .success(())
    }
    guard entry.put(&self, value) else {
      let why = entry.problem(value).map { ": \($0)" } ?? ""
      return .failure(SettingProblem(text: "The setting \(name) is \(entry.values)\(why)."))
    }
    given.put(name, value)
    return .success(())
  }

  /// As `set` takes it; a secret is not read back, but for whether there is one.
  public func value(_ name: String) -> Result<String, SettingProblem> {
    Settings.entry(name).map { .success($0.get(self)) } ?? .failure(Settings.unknown(name))
  }

  /// All names, by subject.
  public static var names: [String] { table.map(\.name) }

  /// False: there is no such preset.
  mutating func choose(preset name: String) -> Bool {
    guard Settings.presets[name] != nil else { return false }
    given.choose(preset: name)
    putAnew()
    return true
  }

  /// The defaults, the preset over them, and over both what was set by name.
  private mutating func putAnew() {
    var fresh = Settings()
    for (name, value) in Settings.presets[given.preset] ?? [] { fresh.put(name, value) }
    for (name, value) in given.values { fresh.put(name, value) }
    fresh.given = given
    self = fresh
  }

  private mutating func put(_ name: String, _ value: String) {
    let isPut = Settings.entry(name)?.put(&self, value) ?? false
    precondition(isPut, "a preset, or what was accepted before, can be put again")
  }

  private static func unknown(_ name: String) -> SettingProblem {
    let hint = Spelling.nearest(name, in: names, bound: max(3, name.utf8.count / 3))
    let shown = String(
      decoding: name.utf8.prefix(64).filter { $0 >= 32 && $0 != 127 }, as: UTF8.self)
    return SettingProblem(
      text: "There is no setting “\(shown)”."
        + (hint.map { " Did you mean \($0)?" } ?? " rcml settings lists them all."))
  }
}
