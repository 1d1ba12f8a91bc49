// swift-format-ignore-file: AlwaysUseLowerCamelCase
// The names are those of rcml.h.

import CRCML
import RCMLAgent

@c @implementation
public func rcml_event_parameter(
  _ event: UnsafePointer<rcml_event>?, _ name: UnsafePointer<CChar>?,
  _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int
) -> Int32 {
  guard let event, let name = CText.read(name), size >= 0, size == 0 || buffer != nil,
    let given = SizedStruct.read(event, otherwise: rcml_event())
  else { return RCML_E_ARGUMENT.rawValue }
  let length = max(0, given.body_length)
  let body = given.body.map {
    Array(UnsafeRawBufferPointer(start: $0, count: length))
  }
  let query = CText.read(given.url).map { url in
    Array(url.utf8.drop { $0 != UInt8(ascii: "?") }.dropFirst())
  }
  for form in [body ?? [], query ?? []] {
    guard let value = FormEncoding.value(of: name, in: form) else { continue }
    if let buffer { CText.copy(value, to: buffer, room: size) }
    return Int32(clamping: value.utf8.count)
  }
  return RCML_E_ARGUMENT.rawValue
}
