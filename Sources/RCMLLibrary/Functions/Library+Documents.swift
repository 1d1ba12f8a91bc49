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
  rcml_document_check_with(text, length, nil, function, context, error)
}

@c @implementation
public func rcml_document_check_with(
  _ text: UnsafePointer<CChar>?, _ length: Int, _ options: UnsafePointer<rcml_check_options>?,
  _ function: rcml_finding_function?, _ context: UnsafeMutableRawPointer?,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.free(error) { () throws(Failure) in
    let (octets, reading) = try readDocument(text, length, options)
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
    try refuse(reading)
    return RCML_OK.rawValue
  }
}

@c @implementation
public func rcml_document_targets(
  _ text: UnsafePointer<CChar>?, _ length: Int, _ options: UnsafePointer<rcml_check_options>?,
  _ function: rcml_target_function?, _ context: UnsafeMutableRawPointer?,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.free(error) { () throws(Failure) in
    guard let function else { throw .missing("The function") }
    let (_, reading) = try readDocument(text, length, options)
    try refuse(reading)
    TargetTeller.tell(reading.document, function, context)
    return RCML_OK.rawValue
  }
}

private func readDocument(
  _ text: UnsafePointer<CChar>?, _ length: Int, _ options: UnsafePointer<rcml_check_options>?
) throws(Failure) -> ([UInt8], Reading) {
  guard let text else { throw .missing("The document") }
  guard let octets = CText.octets(text, length: length) else {
    throw Failure(RCML_E_ARGUMENT, "The document's length is no length.")
  }
  let (url, type, settings) = try checkRules(options)
  return (
    octets,
    DocumentReader.read(octets, contentType: type, url: url, settings: settings, isCheck: true)
  )
}

/// A document that would not run.
private func refuse(_ reading: Reading) throws(Failure) {
  guard let fatal = reading.error else { return }
  var failure = Failure(RCML_E_DOCUMENT, fatal.text)
  failure.line = Int32(clamping: fatal.line)
  failure.column = Int32(clamping: fatal.column)
  throw failure
}

private func checkRules(
  _ options: UnsafePointer<rcml_check_options>?
) throws(Failure) -> (url: String, contentType: String, Settings) {
  var settings = Settings()
  guard let options else { return ("", "", settings) }
  guard let given = SizedStruct.read(options, otherwise: rcml_check_options()) else {
    throw Failure(RCML_E_ARGUMENT, "The options were not set up with RCML_CHECK_OPTIONS_INIT.")
  }
  for (name, value) in try CText.pairs(given.settings, given.setting_count) {
    if case .failure(let problem) = settings.set(name, value) {
      throw Failure(RCML_E_SETTING, problem.text)
    }
  }
  return (CText.read(given.base_url) ?? "", CText.read(given.content_type) ?? "", settings)
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
