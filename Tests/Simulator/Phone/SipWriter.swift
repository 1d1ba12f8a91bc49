import RCMLBasics

/// Puts a phone's messages together, line by line.
struct SipWriter {
  private var bytes: [UInt8] = []

  init(request method: SipText.Method, uri: [UInt8]) {
    bytes.reserveCapacity(700)
    add(method.rawValue)
    add(" ")
    bytes += uri
    add(" SIP/2.0\r\n")
  }

  init(response code: Int, to request: SipText, toTag: [UInt8]) {
    bytes.reserveCapacity(700)
    add("SIP/2.0 \(code) \(SipWriter.phrase(code))\r\n")
    for via in request.vias { header("Via", request.bytes[via]) }
    for route in request.recordRoutes { header("Record-Route", request.bytes[route]) }
    header("From", request.bytes[request.from])
    if request.toTag.isEmpty && code > 100 {
      header("To", Array(request.bytes[request.to]) + Array(";tag=".utf8) + toTag)
    } else {
      header("To", request.bytes[request.to])
    }
    header("Call-ID", request.callID)
    header("CSeq", "\(request.sequence) \(request.sequenceMethod.rawValue)")
  }

  mutating func header(_ name: String, _ value: some Sequence<UInt8>) {
    add(name)
    add(": ")
    bytes += value
    add("\r\n")
  }

  mutating func header(_ name: String, _ value: String) { header(name, value.utf8) }

  /// The finished message.
  func finished(body: [UInt8] = [], type: String = "application/sdp") -> [UInt8] {
    var copy = self
    if !body.isEmpty { copy.header("Content-Type", type) }
    copy.header("Content-Length", "\(body.count)")
    copy.add("\r\n")
    return copy.bytes + body
  }

  private mutating func add(_ text: String) { bytes += text.utf8 }

  private static func phrase(_ code: Int) -> String {
    switch code {
    case 100: return "Trying"
    case 180: return "Ringing"
    case 181: return "Call Is Being Forwarded"
    case 183: return "Session Progress"
    case 200: return "OK"
    case 302: return "Moved Temporarily"
    case 401: return "Unauthorized"
    case 404: return "Not Found"
    case 407: return "Proxy Authentication Required"
    case 480: return "Temporarily Unavailable"
    case 481: return "Call/Transaction Does Not Exist"
    case 486: return "Busy Here"
    case 487: return "Request Terminated"
    case 500: return "Server Internal Error"
    case 503: return "Service Unavailable"
    case 600: return "Busy Everywhere"
    case 603: return "Decline"
    default: return "Something"
    }
  }

  /// What a phone listens on, as an SDP: the port tells the phones apart.
  static func session(of name: String, host: String, port: Int, version: Int = 1) -> [UInt8] {
    Array(
      ("v=0\r\no=\(name) 1 \(version) IN IP4 \(host)\r\ns=-\r\nc=IN IP4 \(host)\r\nt=0 0\r\n"
        + "m=audio \(port) RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n"
        + "a=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n").utf8)
  }
}
