/// A message as its text; only while a run is made, not while it is measured.
struct Wire {
  let start: String
  private let lines: [Substring]

  init(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
    start = String(lines.first ?? "")
  }

  func header(_ name: String) -> String {
    let line = lines.first { $0.hasPrefix(name + ": ") }
    return line.map { String($0.dropFirst(name.utf8.count + 2)) } ?? ""
  }

  /// What stands between angle brackets.
  func address(_ name: String) -> String {
    let value = header(name)
    return String(value.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" })
  }

  var code: Int? {
    start.hasPrefix("SIP/2.0 ") ? Int(start.dropFirst(8).prefix(3)) : nil
  }
  var method: String { String(header("CSeq").drop { $0 != " " }.dropFirst()) }

  static func request(_ method: String, _ uri: String, _ headers: [String], _ body: String = "")
    -> [UInt8]
  {
    message("\(method) \(uri) SIP/2.0", headers + ["Max-Forwards: 70"], body)
  }

  func response(_ code: Int, tag: String, contact: String = "", _ body: String = "") -> [UInt8] {
    let to = header("To")
    var headers = ["Via", "From", "Call-ID", "CSeq"].map { "\($0): \(header($0))" }
    headers.append("To: " + (to.contains(";tag=") ? to : "\(to);tag=\(tag)"))
    if !contact.isEmpty { headers.append("Contact: <\(contact)>") }
    return Wire.message("SIP/2.0 \(code) OK", headers, body)
  }

  private static func message(_ start: String, _ headers: [String], _ body: String) -> [UInt8] {
    var lines = [start] + headers
    if !body.isEmpty {
      let type = body.hasPrefix("v=") ? "application/sdp" : "application/dtmf-relay"
      lines.append("Content-Type: " + type)
    }
    lines.append("Content-Length: \(body.utf8.count)")
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
  }

  static func session(_ host: String) -> String {
    [
      "v=0", "o=phone 1 1 IN IP4 \(host)", "s=-", "c=IN IP4 \(host)", "t=0 0",
      "m=audio 4000 RTP/AVP 0 8 101", "a=rtpmap:101 telephone-event/8000", "a=sendrecv", "",
    ].joined(separator: "\r\n")
  }
}
