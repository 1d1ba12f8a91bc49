import CRCML

/// What rcml_document_check says about a file.
struct DocumentReport {
  struct Line {
    var severity: String
    var code: Int32
    var name: String
    var line: Int32
    var column: Int32
    var text: String
    var excerpt: String
  }

  let path: String
  private(set) var lines: [Line] = []
  /// It would run, perhaps with warnings.
  let wouldRun: Bool
  /// Why it could not even be checked.
  private(set) var problem = ""

  /// `rules`: what the document is read by.
  init(path: String, bytes: [UInt8], by rules: CheckRules = CheckRules()) throws(Problem) {
    self.path = path
    var found: [Line] = []
    var error = AgentSession.noError()
    let text = bytes + [0]
    let result = text.withUnsafeBytes { raw in
      withUnsafeMutablePointer(to: &found) { kept in
        rules.lend { lent in
          rcml_document_check_with(
            raw.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, lent,
            { context, finding in
              guard let context, let finding else { return }
              context.assumingMemoryBound(to: [Line].self).pointee.append(Line(finding.pointee))
            }, kept, &error)
        }
      }
    }
    if result == RCML_E_SETTING.rawValue || result == RCML_E_URI.rawValue {
      throw .usage(AgentSession.text(of: error))
    }
    wouldRun = result == RCML_OK.rawValue
    lines = found
    if !wouldRun, found.isEmpty { problem = AgentSession.text(of: error) }
  }

  /// What a call said of it.
  init(path: String, refusedBecauseOf line: Line) {
    self.path = path
    lines = [line]
    wouldRun = false
  }

  var withoutNotes: DocumentReport {
    var report = self
    report.lines.removeAll { $0.severity == "note" }
    return report
  }

  var hasWarnings: Bool { lines.contains { $0.severity == "warning" } }

  /// Why nobody could be called there; nil = somebody could, or it is no URI but a number or a name.
  static func problem(ofParty party: String) throws(Problem) -> String? {
    guard party.contains(":") || party.contains("@") else { return nil }
    let text = PlainText.escaped(party.contains(":") ? party : "sip:" + party)
    let document = Array("<Response><Dial><Sip>\(text)</Sip></Dial></Response>".utf8)
    return try DocumentReport(path: "", bytes: document).lines.first {
      ["invalid-target", "unsupported-transport"].contains($0.name)
    }?.text
  }

  /// True when it would run.
  func print(to write: (String) -> Void, _ paint: Paint = Paint(isOn: false)) -> Bool {
    for line in lines {
      let head = paint("\(line.severity) \(line.name):", EventPrinter.tone(of: line.severity))
      write("\(path):\(line.line):\(line.column): \(head) \(line.text)")
      if !line.excerpt.isEmpty { write(line.excerpt) }
    }
    if !problem.isEmpty { write("\(path): error: \(problem)") }
    return wouldRun
  }

  func printJSON() -> Bool {
    for line in lines {
      var object = JSONLine()
      object.add("file", path)
      object.add("line", Int64(line.line))
      object.add("column", Int64(line.column))
      object.add("severity", line.severity)
      object.add("code", Int64(line.code))
      object.add("name", line.name)
      object.add("text", line.text)
      Words.out(object.text)
    }
    if !problem.isEmpty { Words.error("\(path): error: \(problem)") }
    return wouldRun
  }
}

extension DocumentReport.Line {
  /// A finding of a call.
  init(refused event: rcml_event) {
    self.init(
      severity: EventPrinter.severity(event.severity), code: event.code,
      name: String(cString: event.name), line: event.line, column: event.column,
      text: String(cString: event.text), excerpt: "")
  }

  init(_ finding: rcml_finding) {
    func text(_ pointer: UnsafePointer<CChar>?) -> String {
      pointer.map { String(cString: $0) } ?? ""
    }
    self.init(
      severity: EventPrinter.severity(finding.severity), code: finding.code,
      name: text(finding.name), line: finding.line, column: finding.column,
      text: text(finding.text), excerpt: text(finding.excerpt))
  }
}
