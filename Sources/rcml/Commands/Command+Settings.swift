import CRCML

extension Command {
  static let settings = Command(
    name: "settings",
    summary: "the settings: what each is for, its values, its default and an example",
    operands: "[NAME]", options: [json, help]
  ) { options throws(Problem) in
    guard options.operands.count <= 1 else { throw .usage("one NAME at a time.") }
    let all = Setting.all
    let wanted = options.operands.first
    let chosen = all.filter { wanted == nil || $0.name == wanted }
    guard !chosen.isEmpty else {
      let wanted = wanted ?? ""
      throw .failed(
        "no setting \(wanted)" + PlainText.suggestion(for: wanted, among: all.map(\.name)))
    }
    var theme = ""
    for setting in chosen {
      if options.has("json") {
        Words.out(setting.object)
      } else if wanted != nil {
        Words.out(setting.paragraph)
      } else {
        if setting.theme != theme { Words.out((theme.isEmpty ? "" : "\n") + setting.theme) }
        theme = setting.theme
        Words.out(setting.line)
      }
    }
    return 0
  }
}

/// One setting as the library lists it.
private struct Setting {
  let name: String
  let theme: String
  private let kind: String
  private let values: String
  private let usual: String
  private let presets: String
  private let text: String
  private let example: String
  private let clause: String
  private let scope: String
  private let range: ClosedRange<Int64>?

  static var all: [Setting] {
    var found: [Setting] = []
    var info = rcml_setting_info()
    info.struct_size = MemoryLayout<rcml_setting_info>.size
    while rcml_setting_entry(found.count, &info) > 0 { found.append(Setting(info)) }
    return found
  }

  private init(_ info: rcml_setting_info) {
    name = String(cString: info.name)
    theme = String(cString: info.theme)
    kind = Setting.kind(info.kind)
    values = String(cString: info.values)
    usual = String(cString: info.default_value)
    presets = String(cString: info.presets)
    text = String(cString: info.text)
    example = String(cString: info.example)
    clause = String(cString: info.clause)
    scope = String(cString: info.scope)
    range = info.maximum > info.minimum ? info.minimum...info.maximum : nil
  }

  private static func kind(_ kind: Int32) -> String {
    switch rcml_setting_kind(UInt32(bitPattern: kind)) {
    case RCML_SETTING_CHOICE: "choice"
    case RCML_SETTING_FLAG: "flag"
    case RCML_SETTING_NUMBER: "number"
    case RCML_SETTING_SECONDS: "seconds"
    case RCML_SETTING_LIST: "list"
    case RCML_SETTING_SECRET: "secret"
    default: "text"
    }
  }

  private var shownDefault: String { usual.isEmpty ? "nothing" : usual }

  var line: String {
    "  " + Command.padded(name, to: 30) + text + (usual.isEmpty ? "" : " (\(usual))")
  }

  var paragraph: String {
    var lines = [name, text, "Values:  \(values)", "Default: \(shownDefault)"]
    if !presets.isEmpty { lines.append("Presets: \(presets)") }
    lines.append("Example: --set \(quoted)")
    lines.append("Scope:   \(scope)")
    if !clause.isEmpty { lines.append("Clause:  \(clause)") }
    return lines.joined(separator: "\n")
  }

  /// As a shell takes it.
  private var quoted: String {
    let pair = "\(name)=\(example)"
    let isPlain = pair.utf8.allSatisfy {
      $0 > 32 && !"\"'`$&;<>(){}[]*?|\\!#~".utf8.contains($0)
    }
    return isPlain ? pair : "'\(pair)'"
  }

  var object: String {
    var line = JSONLine()
    line.add("name", name)
    line.add("theme", theme)
    line.add("kind", kind)
    line.add("values", values)
    line.add("default", usual)
    line.addUnlessEmpty("presets", presets)
    line.add("text", text)
    line.add("example", example)
    line.add("scope", scope)
    line.addUnlessEmpty("clause", clause)
    if let range {
      line.add("minimum", range.lowerBound)
      line.add("maximum", range.upperBound)
    }
    return line.text
  }
}
