// swift-format-ignore-file: AlwaysUseLowerCamelCase
// The names are those of rcml.h.

import CRCML

@c @implementation
public func rcml_document_check(
  _ text: UnsafePointer<CChar>?, _ length: Int, _ function: rcml_finding_function?,
  _ context: UnsafeMutableRawPointer?, _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.free(error) { () throws(Failure) in
    return RCML_OK.rawValue
  }
}
