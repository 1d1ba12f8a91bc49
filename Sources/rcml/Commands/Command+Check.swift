extension Command {
  static let check = Command(
    name: "check", summary: "says what is wrong with documents; status 1 if one would not run",
    operands: "FILE|URL...",
    options: [
      Option("base-url", "URL", "where a FILE would come from: relative URLs start there"),
      Option("set", "NAME=VALUE", "check as with this setting; may be repeated"),
      Option("settings", "FILE", "settings, one name=value a line, # begins a comment"),
      Option("strict", nil, "status 1 for a warning, too"),
      Option("targets", nil, "list the parties that would be dialled"),
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
      let bytes: [UInt8]
      var rules = rules
      if LiveDocument.isURL(path) {
        guard let document = try LiveDocument(path, options) else {
          isGood = false
          continue
        }
        bytes = document.body
        rules = rules.from(document.finalURL, as: document.contentType)
        if let line = document.refusal {
          report = DocumentReport(path: document.finalURL, refusedBecauseOf: line)
        } else {
          report = try DocumentReport(path: document.finalURL, bytes: bytes, by: rules)
        }
      } else {
        bytes = try Files.read(path)
        report = try DocumentReport(path: path, bytes: bytes, by: rules)
      }
      let runs =
        options.has("json") ? report.printJSON() : report.print(to: Words.out, Paint(descriptor: 1))
      if options.has("targets"), runs {
        TargetLines.print(bytes, by: rules, isJSON: options.has("json"))
      }
      isGood = isGood && runs && !(options.has("strict") && report.hasWarnings)
    }
    return isGood ? 0 : 1
  }
}
