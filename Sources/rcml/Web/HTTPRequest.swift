/// A GET or HEAD, as far as it matters here.
struct HTTPRequest {
  let isHead: Bool
  /// `/call.json`
  let path: String
  private let query: [String: String]
  /// Without its port and brackets; empty = there is no Host header, or an empty one.
  let host: String

  /// The octets to be sent for a whole request.
  static func answer(to octets: [UInt8], _ answer: (HTTPRequest) -> HTTPReply) -> [UInt8] {
    let lines = octets.split(separator: 10).map { line in
      String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
    }
    let words = lines.first?.split(separator: " ", omittingEmptySubsequences: false) ?? []
    guard words.count == 3, words[2].hasPrefix("HTTP/1.") else {
      return HTTPReply("400 Bad Request", text: "This is no HTTP.").octets(isHead: false)
    }
    guard words[0] == "GET" || words[0] == "HEAD" else {
      return HTTPReply("405 Method Not Allowed", text: "Only GET.", headers: ["Allow: GET, HEAD"])
        .octets(isHead: false)
    }
    let request = HTTPRequest(
      isHead: words[0] == "HEAD", target: words[1], headers: lines.dropFirst())
    return answer(request).octets(isHead: request.isHead)
  }

  private init(isHead: Bool, target: Substring, headers: ArraySlice<String>) {
    self.isHead = isHead
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = String(parts[0])
    var query: [String: String] = [:]
    for pair in parts.dropFirst().flatMap({ $0.split(separator: "&") }) {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if sides.count == 2 { query[String(sides[0])] = String(sides[1]) }
    }
    self.query = query
    host = headers.lazy.compactMap(HTTPRequest.host).first ?? ""
  }

  func parameter(_ name: String) -> String? { query[name] }

  private static func host(_ line: String) -> String? {
    guard let mark = line.firstIndex(of: ":"), line[..<mark].lowercased() == "host" else {
      return nil
    }
    let value = line[line.index(after: mark)...].drop { $0 == " " }
    if value.hasPrefix("[") { return String(value.dropFirst().prefix { $0 != "]" }) }
    return String(value.prefix { $0 != ":" && $0 != " " }).lowercased()
  }
}
