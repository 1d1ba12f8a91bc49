import RCMLBasics
import RCMLSIP

/// A SIP message as the scripted phones read it, and what they write: the agent's own are always well-formed.
struct PhoneMessage {
  private let message: Message

  /// Nil: octets that no phone could make anything of.
  init?(_ bytes: [UInt8], over transport: Transport) {
    let reading = bytes.withUnsafeBytes { MessageReader.read($0, over: transport) }
    guard case .message(let message) = reading else { return nil }
    self.message = message
  }

  var isResponse: Bool { !message.isRequest }
  /// Of the request, or of the one that is answered.
  var method: Method { message.method }
  /// 0 in a request.
  var code: UInt16 { message.statusCode }
  var callID: [UInt8] { Array(message.callID) }
  var cseq: UInt32 { message.cseq }
  var hasToTag: Bool { !message.toTag.isEmpty }

  subscript(name: FieldName) -> String {
    message.value(of: name).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// The agent's name for the leg, whatever the setting id_header_prefix calls it (spec U-7).
  var sid: String {
    for field in message.fields {
      let name = text(field.nameRange)
      if name.hasSuffix("-CallSid"), !name.hasSuffix("ParentCallSid") {
        return text(field.valueRange)
      }
    }
    return ""
  }

  /// What stands between the angle brackets of Contact, or the value.
  var contact: String {
    let value = self[.contact]
    guard let open = value.firstIndex(of: "<"), let close = value[open...].firstIndex(of: ">")
    else { return value }
    return String(value[value.index(after: open)..<close])
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: message.bytes[range], as: UTF8.self)
  }

  /// The response to this request, without Contact and body.
  func response(_ code: UInt16, tag: String) -> String {
    var written = "SIP/2.0 \(code) \(PhoneMessage.phrase(code))\r\n"
    for field in message.fields {
      let line = "\(text(field.nameRange)): \(text(field.valueRange))"
      if field.name == .to {
        let isBare = code > 100 && !hasToTag
        written += line + (isBare ? ";tag=\(tag)\r\n" : "\r\n")
      } else if PhoneMessage.copied.contains(field.name) {
        written += line + "\r\n"
      }
    }
    return written
  }

  /// RFC 3261 §8.2.6.2, §12.1.1.
  private static let copied: Set<FieldName> = [.via, .recordRoute, .from, .callID, .cseq]

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
