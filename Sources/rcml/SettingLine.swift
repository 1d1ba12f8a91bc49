/// A setting as the user wrote it: `name=value`.
struct SettingLine {
  let name: String
  let value: String
  /// `FILE:LINE: ` or `--set `, for whoever has to mend it.
  let place: String

  var pair: String { name + "=" + value }

  init(_ pair: String, where place: String) throws(Problem) {
    guard let mark = pair.firstIndex(of: "=") else {
      throw .usage("\(place)\"\(pair)\" is not name=value.")
    }
    name = PlainText.trimmed(pair[..<mark])
    value = PlainText.trimmed(pair[pair.index(after: mark)...])
    self.place = place
  }

  /// Those of `--settings` and then those of `--set`.
  static func all(_ options: Options) throws(Problem) -> [SettingLine] {
    var found: [SettingLine] = []
    for path in options.all("settings") { found += try read(path) }
    for pair in options.all("set") { found.append(try SettingLine(pair, where: "--set ")) }
    return found
  }

  /// Empty lines and those that begin with # are none.
  private static func read(_ path: String) throws(Problem) -> [SettingLine] {
    let text = String(decoding: try Files.read(path), as: UTF8.self)
    var found: [SettingLine] = []
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = PlainText.trimmed(raw)
      if line.isEmpty || line.hasPrefix("#") { continue }
      found.append(try SettingLine(line, where: "\(path):\(index + 1): "))
    }
    return found
  }
}
