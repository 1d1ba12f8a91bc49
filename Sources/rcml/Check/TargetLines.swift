import CRCML

/// The parties that a document would dial, for `rcml check --targets`.
enum TargetLines {
  static func print(_ document: [UInt8], by rules: CheckRules, isJSON: Bool) {
    var lines: [String] = []
    let text = document + [0]
    // Whether the document would run was said before.
    _ = text.withUnsafeBytes { raw in
      withUnsafeMutablePointer(to: &lines) { kept in
        rules.lend { lent in
          let each: rcml_target_function =
            isJSON
            ? { TargetLines.add($0, $1.map { TargetLines.object($0.pointee) }) }
            : { TargetLines.add($0, $1.map { TargetLines.sentence($0.pointee) }) }
          return rcml_document_targets(
            raw.baseAddress?.assumingMemoryBound(to: CChar.self), document.count, lent, each, kept,
            nil)
        }
      }
    }
    for line in lines { Words.out(line) }
  }

  private static func add(_ context: UnsafeMutableRawPointer?, _ line: String?) {
    guard let context, let line else { return }
    context.assumingMemoryBound(to: [String].self).pointee.append(line)
  }

  private static func object(_ target: rcml_target) -> String {
    var line = JSONLine()
    line.add("dial", Int64(target.dial))
    line.add("target", Int64(target.target))
    line.add("noun", text(target.noun))
    line.add("text", text(target.text))
    line.addUnlessEmpty("uri", text(target.uri))
    line.addUnlessEmpty("headers", text(target.headers))
    line.addUnlessEmpty("attributes", text(target.attributes))
    line.addUnlessEmpty("username", text(target.username))
    line.add("timeout", Int64(target.timeout))
    line.add("sequential", target.sequential)
    if target.code != 0 { line.add("code", Int64(target.code)) }
    line.add("line", Int64(target.line))
    line.add("column", Int64(target.column))
    return line.text
  }

  private static func sentence(_ target: rcml_target) -> String {
    let uri = text(target.uri)
    let whom = uri.isEmpty ? text(target.text) + " (nobody can be dialled, \(target.code))" : uri
    let attributes = text(target.attributes)
    return "\(target.dial).\(target.target) <\(text(target.noun))> \(whom), \(target.timeout) s"
      + (attributes.isEmpty ? "" : "  \(attributes)")
  }

  private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
    pointer.map { String(cString: $0) } ?? ""
  }
}
