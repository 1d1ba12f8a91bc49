extension Command {
  static let check = Command(
    name: "check", summary: "says what is wrong with documents; status 1 if one would not run",
    operands: "FILE|URL...",
    options: [
      Option("base-url", "URL", "where a FILE would come from: relative URLs start there"),
      Option("set", "NAME=VALUE", "check as with this setting; may be repeated"),
      Option("settings", "FILE", "settings, one name=value a line, # begins a comment"),
      Option("strict", nil, "status 1 for a warning, too"),
      Option("method", "GET|POST", "how a URL is asked for (POST)"),
      Option("from", "WHO", "for whom a URL is asked: who calls (sip:caller@127.0.0.1)"),
      Option("to", "WHO", "and who is called (sip:service@127.0.0.1)"),
      json, help,
    ]
  ) { options throws(Problem) in
    guard !options.operands.isEmpty else {
      throw .usage("FILE is missing; - reads standard input.")
    }
    let rules = try CheckRules(options)
    var isGood = true
    for path in options.operands {
      let report: DocumentReport
      if LiveDocument.isURL(path) {
        guard let document = try LiveDocument(path, options) else {
          isGood = false
          continue
        }
        report = try DocumentReport(
          path: document.finalURL, bytes: document.body, by: rules.from(document.finalURL))
      } else {
        report = try DocumentReport(path: path, bytes: try Files.read(path), by: rules)
      }
      let runs =
        options.has("json") ? report.printJSON() : report.print(to: Words.out, Paint(descriptor: 1))
      isGood = isGood && runs && !(options.has("strict") && report.hasWarnings)
    }
    return isGood ? 0 : 1
  }
}
