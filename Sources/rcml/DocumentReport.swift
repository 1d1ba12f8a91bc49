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

  init(path: String, bytes: [UInt8]) {
    self.path = path
    var found: [Line] = []
    var error = AgentSession.noError()
    let text = bytes + [0]
    let result = text.withUnsafeBytes { raw in
      withUnsafeMutablePointer(to: &found) { kept in
        rcml_document_check(
          raw.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count,
          { context, finding in
            guard let context, let finding else { return }
            context.assumingMemoryBound(to: [Line].self).pointee.append(Line(finding.pointee))
          }, kept, &error)
      }
    }
    wouldRun = result == RCML_OK.rawValue
    lines = found
    if !wouldRun, found.isEmpty { problem = AgentSession.text(of: error) }
  }

  var withoutNotes: DocumentReport {
    var report = self
    report.lines.removeAll { $0.severity == "note" }
    return report
  }

  /// True when it would run.
  func print(to write: (String) -> Void) -> Bool {
    for line in lines {
      write("\(path):\(line.line):\(line.column): \(line.severity) \(line.name): \(line.text)")
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
      Words.out(object.line)
    }
    if !problem.isEmpty { Words.error("\(path): error: \(problem)") }
    return wouldRun
  }
}

extension DocumentReport.Line {
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
