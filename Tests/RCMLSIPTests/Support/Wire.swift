import RCMLBasics

@testable import RCMLSIP

/// Messages as tests write them: lines, ended with CRLF, and an empty one before the body.
func wire(_ lines: String..., body: String = "") -> [UInt8] {
  Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
}

/// A request with everything a request needs. `fields` come last, `replacing` changes lines by their name.
func request(
  _ line: String = "OPTIONS sip:bob@example.com SIP/2.0", replacing: [String: String?] = [:],
  fields: [String] = [], body: String = ""
) -> [UInt8] {
  let method = line.prefix { $0 != " " }
  let standard = [
    ("Via", "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKtest1;rport"),
    ("From", "\"Alice\" <sip:alice@example.com>;tag=a1"),
    ("To", "<sip:bob@example.com>"),
    ("Call-ID", "c1@192.0.2.1"),
    ("CSeq", "7 \(method)"),
    ("Max-Forwards", "70"),
    ("Content-Length", "\(body.utf8.count)"),
  ]
  var lines = [line]
  for (name, value) in standard {
    guard let replaced = replacing[name] else {
      lines.append("\(name): \(value)")
      continue
    }
    if let replaced { lines.append("\(name): \(replaced)") }
  }
  return Array(((lines + fields).joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
}

func read(_ bytes: [UInt8], over transport: RCMLBasics.Transport = .udp) -> MessageReading {
  bytes.withUnsafeBytes { MessageReader.read($0, over: transport) }
}

/// The message, or nil when it was refused.
func accepted(
  _ bytes: [UInt8], over transport: RCMLBasics.Transport = .udp
) -> Message? {
  guard case .message(let message) = read(bytes, over: transport) else { return nil }
  return message
}

/// The fault, or nil when it was not refused.
func refused(_ bytes: [UInt8], over transport: RCMLBasics.Transport = .udp) -> Malformed? {
  guard case .malformed(let malformed) = read(bytes, over: transport) else { return nil }
  return malformed
}

extension Sequence where Element == UInt8 {
  var text: String { String(decoding: Array(self), as: UTF8.self) }
}

extension StaticString {
  var octets: [UInt8] { Array(UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)) }
}
