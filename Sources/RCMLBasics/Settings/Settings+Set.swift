extension Settings {
  /// Puts one setting by its name (spec ). When it is refused nothing is changed.
  package mutating func set(_ name: String, _ value: String) -> Result<Void, SettingProblem> {
    if name == "preset" { return choosePreset(value) }
    guard let entry = Settings.table.first(where: { $0.name == name }) else {
      return .failure(Settings.unknown(name))
    }
    guard entry.put(&self, value) else {
      let why = entry.problem(value).map { ": \($0)" } ?? ""
      return .failure(SettingProblem(text: "The setting \(name) is \(entry.values)\(why)."))
    }
    given.removeAll { $0.name == name }
    given.append((name, value))
    return .success(())
  }

  /// All names, in the order of spec §16's subjects.
  package static var names: [String] { ["preset"] + table.map(\.name) }

  private mutating func choosePreset(_ name: String) -> Result<Void, SettingProblem> {
    guard let preset = Settings.presets[name] else {
      let names = Settings.presets.keys.sorted().joined(separator: " or ")
      return .failure(SettingProblem(text: "The setting preset is \(names)."))
    }
    var fresh = Settings()
    for (name, value) in preset { fresh.put(name, value) }
    for (name, value) in given { fresh.put(name, value) }
    fresh.given = given
    self = fresh
    return .success(())
  }

  private mutating func put(_ name: String, _ value: String) {
    let entry = Settings.table.first { $0.name == name }
    let isPut = entry?.put(&self, value) ?? false
    precondition(isPut, "a preset, or what was accepted before, can be put again")
  }

  private static func unknown(_ name: String) -> SettingProblem {
    let hint = Spelling.nearest(name, in: names, bound: max(3, name.utf8.count / 3))
    let shown = String(
      decoding: name.utf8.prefix(64).filter { $0 >= 32 && $0 != 127 }, as: UTF8.self)
    return SettingProblem(
      text: "There is no setting “\(shown)”."
        + (hint.map { " Did you mean \($0)?" } ?? " The names are those of rcml.h."))
  }
}
