/// What is said to a request.
struct HTTPReply {
  private let status: String
  private let type: String
  private let body: [UInt8]
  private let headers: [String]

  init(_ status: String, _ body: [UInt8], type: String, headers: [String] = []) {
    self.status = status
    self.type = type
    self.body = body
    self.headers = headers
  }

  /// One sentence for people.
  init(_ status: String, text: String, headers: [String] = []) {
    self.init(status, Array((text + "\n").utf8), type: "text/plain", headers: headers)
  }

  func octets(isHead: Bool) -> [UInt8] {
    let head =
      "HTTP/1.1 \(status)\r\nContent-Type: \(type); charset=utf-8\r\n"
      + "Content-Length: \(body.count)\r\n" + headers.map { $0 + "\r\n" }.joined()
      + "Connection: close\r\n\r\n"
    return Array(head.utf8) + (isHead ? [] : body)
  }
}
