/// A SIP message as the scripted phones read and write it: the agent's own are always well-formed.
struct PhoneMessage {
  private var start: [Substring]
  private var fields: [(name: Substring, value: Substring)] = []

  init(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)[...]
    start = lines.popFirst()?.split(separator: " ", maxSplits: 2) ?? []
    while let line = lines.popFirst(), let colon = line.firstIndex(of: ":") {
      fields.append((line[..<colon], line[line.index(after: colon)...].drop { $0 == " " }))
    }
  }

  /// "SIP/2.0" in a response.
  var method: Substring { start.first ?? "" }
  var isResponse: Bool { method == "SIP/2.0" }
  /// 0 in a request.
  var code: UInt16 { isResponse && start.count > 1 ? UInt16(start[1]) ?? 0 : 0 }
  /// The Request-URI.
  var uri: Substring { start.count > 1 ? start[1] : "" }

  subscript(name: String) -> Substring { fields.first { $0.name == name }?.value ?? "" }

  /// The agent's name for the leg, whatever the setting id_header_prefix calls it (spec U-7).
  var sid: Substring {
    fields.first { $0.name.hasSuffix("-CallSid") && !$0.name.hasSuffix("ParentCallSid") }?.value
      ?? ""
  }

  var hasToTag: Bool { self["To"].split(separator: ";").contains { $0.hasPrefix("tag=") } }

  /// What stands between the angle brackets of a header, or the header.
  func address(_ name: String) -> Substring {
    let value = self[name]
    guard let open = value.firstIndex(of: "<"), let close = value[open...].firstIndex(of: ">")
    else {
      return value
    }
    return value[value.index(after: open)..<close]
  }

  /// The response to this request, without Contact and body.
  func response(_ code: UInt16, tag: String) -> String {
    var text = "SIP/2.0 \(code) \(PhoneMessage.phrase(code))\r\n"
    for field in fields {
      switch field.name {
      case "Via", "Record-Route", "From", "Call-ID", "CSeq":
        text += "\(field.name): \(field.value)\r\n"
      case "To":
        let isBare = code > 100 && !hasToTag
        text += "To: \(field.value)" + (isBare ? ";tag=\(tag)\r\n" : "\r\n")
      default: break
      }
    }
    return text
  }

  private static func phrase(_ code: UInt16) -> String {
    switch code {
    case 100: "Trying"
    case 180: "Ringing"
    case 183: "Session Progress"
    case 200: "OK"
    case 486: "Busy Here"
    case 487: "Request Terminated"
    default: "As Scripted"
    }
  }

  /// Ends the headers, with or without a body.
  static func finish(
    _ text: String, body: String = "", type: String = "application/sdp"
  ) -> [UInt8] {
    let type = body.isEmpty ? "" : "Content-Type: \(type)\r\n"
    return Array((text + type + "Content-Length: \(body.utf8.count)\r\n\r\n" + body).utf8)
  }

  /// Ends an INFO that tells of a key (spec U-25).
  static func finish(_ text: String, key: UInt8) -> [UInt8] {
    finish(
      text, body: "Signal=\(String(decoding: [key], as: UTF8.self))\r\nDuration=160\r\n",
      type: "application/dtmf-relay")
  }

  /// What a phone listens on; `host` tells the phones apart.
  static func sound(at host: String) -> String {
    "v=0\r\no=- 1 1 IN IP4 \(host)\r\ns=-\r\nc=IN IP4 \(host)\r\nt=0 0\r\n"
      + "m=audio 4000 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n"
      + "a=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"
  }
}
