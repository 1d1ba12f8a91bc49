import CRCML

extension Command {
  static let codes = Command(
    name: "codes", summary: "the catalogue of errors and warnings: what it is, why, what to do",
    operands: "[CODE]", options: [json, help]
  ) { options throws(Problem) in
    guard options.operands.count <= 1 else { throw .usage("one CODE at a time.") }
    let wanted = options.operands.first
    var entries: [rcml_catalogue_info] = []
    var entry = rcml_catalogue_info()
    entry.struct_size = MemoryLayout<rcml_catalogue_info>.size
    while rcml_catalogue_entry(entries.count, &entry) > 0 { entries.append(entry) }
    let names = entries.map { String(cString: $0.name) }
    let chosen = entries.filter { entry in
      guard let wanted else { return true }
      return wanted == String(cString: entry.name)
        || Int32(wanted).map { abs($0) == entry.code } ?? false
    }
    guard !chosen.isEmpty else {
      let wanted = wanted ?? ""
      throw .failed("no code \(wanted)" + PlainText.suggestion(for: wanted, among: names))
    }
    for entry in chosen {
      Words.out(options.has("json") ? object(entry) : paragraph(entry, isFull: wanted != nil))
    }
    return 0
  }

  private static func paragraph(_ entry: rcml_catalogue_info, isFull: Bool) -> String {
    let head = padded("\(entry.code)", to: 8) + padded(String(cString: entry.name), to: 24)
    let text = String(cString: entry.text)
    guard isFull else { return head + text }
    return "\(entry.code) \(String(cString: entry.name))\n\(text)\n"
      + "Cause: \(String(cString: entry.cause))\nFix:   \(String(cString: entry.fix))"
  }

  private static func object(_ entry: rcml_catalogue_info) -> String {
    var line = JSONLine()
    line.add("code", Int64(entry.code))
    line.add("name", String(cString: entry.name))
    line.add("text", String(cString: entry.text))
    line.add("cause", String(cString: entry.cause))
    line.add("fix", String(cString: entry.fix))
    return line.text
  }
}
