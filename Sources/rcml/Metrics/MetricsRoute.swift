import CRCML

/// GET /metrics.
enum MetricsRoute {
  static func answer(_ request: HTTPRequest, _ agent: OpaquePointer) -> HTTPReply {
    guard request.path == "/metrics" else {
      return HTTPReply("404 Not Found", text: "The metrics are at /metrics.")
    }
    return HTTPReply("200 OK", text(agent), type: "text/plain; version=0.0.4")
  }

  private static func text(_ agent: OpaquePointer) -> [UInt8] {
    var size = 16_384
    while true {
      var text = [CChar](repeating: 0, count: size)
      let length = Int(rcml_agent_metrics(agent, &text, size))
      guard length >= 0 else { return [] }
      if length < size { return text.prefix(length).map { UInt8(bitPattern: $0) } }
      size = length + 64
    }
  }
}
