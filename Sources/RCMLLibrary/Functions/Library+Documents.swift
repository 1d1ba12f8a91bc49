// swift-format-ignore-file: AlwaysUseLowerCamelCase
// The names are those of rcml.h.

import CRCML
import RCMLBasics
import RCMLDocument

@c @implementation
public func rcml_document_check(
  _ text: UnsafePointer<CChar>?, _ length: Int, _ function: rcml_finding_function?,
  _ context: UnsafeMutableRawPointer?, _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.free(error) { () throws(Failure) in
    guard let text else { throw .missing("The document") }
    guard let octets = CText.octets(text, length: length) else {
      throw Failure(RCML_E_ARGUMENT, "The document's length is no length.")
    }
    let reading = DocumentReader.read(
      octets, contentType: "", url: "", settings: Settings(), isCheck: true)
    if let function {
      let excerpts = Excerpts(octets)
      var all = reading.findings
      if let fatal = reading.error, !all.contains(fatal) { all.append(fatal) }
      // A stable order: by place, and where two share one, as they were found.
      let order = all.indices.sorted {
        (all[$0].line, all[$0].column, $0) < (all[$1].line, all[$1].column, $1)
      }
      for index in order { tell(all[index], excerpts, function, context) }
    }
    guard let fatal = reading.error else { return RCML_OK.rawValue }
    var failure = Failure(RCML_E_DOCUMENT, fatal.text)
    failure.line = Int32(clamping: fatal.line)
    failure.column = Int32(clamping: fatal.column)
    throw failure
  }
}

private func tell(
  _ finding: Finding, _ excerpts: Excerpts,
  _ function: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<rcml_finding>?) -> Void,
  _ context: UnsafeMutableRawPointer?
) {
  var lent = LentText()
  defer { lent.free() }
  var told = rcml_finding()
  told.struct_size = MemoryLayout<rcml_finding>.size
  told.severity = Int32(finding.severity.rawValue)
  told.code = Catalogued.number(of: finding.code)
  told.name = lent.put(finding.code.rawValue)
  told.line = Int32(clamping: finding.line)
  told.column = Int32(clamping: finding.column)
  told.text = lent.put(finding.text)
  told.excerpt = lent.put(excerpts.excerpt(line: finding.line, column: finding.column))
  function(context, &told)
}
