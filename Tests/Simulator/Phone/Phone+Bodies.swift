/// How a phone's messages are packed, and what else they say (`BodyScript`).
extension Phone {
  /// The finished message, its description packed as this phone does it.
  func finished(_ writer: SipWriter, body: [UInt8] = []) -> [UInt8] {
    guard let bodies else { return writer.finished(body: body) }
    var writer = writer
    guard !body.isEmpty else {
      guard bodies.fillsEmpty else { return writer.finished() }
      writer.header("Content-Disposition", "render;handling=optional")
      return writer.finished(body: Array("nothing to speak of".utf8), type: "text/plain")
    }
    guard let (type, packed) = Phone.pack(body, bodies.packing) else {
      return writer.finished(body: body)
    }
    writer.header("MIME-Version", "1.0")
    return writer.finished(body: packed, type: type)
  }

  /// What only the first INVITE of a caller says.
  func addWishes(_ writer: inout SipWriter) {
    if let expires = bodies?.expires { writer.header("Expires", "\(expires)") }
    if let accept = bodies?.accept, !accept.isEmpty { writer.header("Accept", accept) }
  }

  func addReason(_ writer: inout SipWriter) {
    if let reason = bodies?.reason, !reason.isEmpty { writer.header("Reason", reason) }
  }

  private static let other =
    "Content-Type: application/isup;version=itu-t92+\r\nContent-Disposition: signal;handling=optional"
    + "\r\n\r\n\u{1}\u{2}\u{3}"

  private static func pack(
    _ body: [UInt8], _ packing: BodyScript.Packing
  ) -> (type: String, body: [UInt8])? {
    let sdp = String(decoding: body, as: UTF8.self)
    let part = "Content-Type: application/sdp\r\n\r\n\(sdp)"
    let (type, text): (String, String)
    switch packing {
    case .plain: return nil
    case .first:
      type = "multipart/mixed;boundary=cut"
      text = "--cut\r\n\(part)\r\n--cut\r\n\(other)\r\n--cut--\r\n"
    case .second:
      type = #"multipart/mixed; boundary="cut here""#
      text =
        "Several parts.\r\n--cut here\r\n\(other)\r\n--cut here\r\n\(part)\r\n--cut here--\r\nno more"
    case .nested:
      type = "multipart/related;boundary=out;type=\"multipart/alternative\""
      text =
        "--out\r\nContent-Type: multipart/alternative;boundary=in\r\n\r\n--in\r\n\r\nhello\r\n--in\r\n"
        + "\(part)\r\n--in--\r\n--out\r\n\(other)\r\n--out--"
    case .loose:
      type = "Multipart/Mixed;BOUNDARY=c"
      text =
        "--c\nContent-Disposition:\n session\ncontent-type:\n\tapplication/sdp\n\n\(sdp)\n--c--\n"
    case .open:
      type = "multipart/mixed;boundary=c"
      text = "--c\r\n\(part)"
    }
    return (type, Array(text.utf8))
  }
}
