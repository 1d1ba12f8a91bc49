import CSystem
import RCMLAgent
import RCMLBasics

/// One exchange, put into libcurl's words.
extension WaitingExchanges.Waiting {
  /// False: libcurl does not take it.
  func start(_ curl: OpaquePointer, _ id: ExchangeID, at now: Instant) -> Bool {
    guard let started = exchange.url.withCString({ system_http_begin(curl, id.number, $0) })
    else { return false }
    for header in exchange.headers {
      // libcurl takes "Name;" for a header without a value; "Name:" would remove it.
      let line =
        header.value.isEmpty ? header.name + [0x3B] : header.name + [0x3A, 0x20] + header.value
      guard !line.contains(where: { $0 == 0 || $0 == 13 || $0 == 10 }) else { continue }
      String(decoding: line, as: UTF8.self).withCString { system_http_header(started, $0) }
    }
    if exchange.method == "POST" {
      exchange.body.withUnsafeBytes { system_http_body(started, $0.baseAddress, $0.count) }
    }
    exchange.method.withCString { system_http_method(started, $0) }
    let spent = (now - given).wholeMilliseconds
    system_http_limits(
      started, Int64(exchange.connectTimeout.wholeMilliseconds - spent),
      Int64(exchange.timeout.wholeMilliseconds - spent), max(0, exchange.bodyLimit))
    system_http_policy(started, exchange.blocksPrivateAddresses, exchange.verifiesTLS)
    if let entry, !entry.isEmpty {
      entry.withCString { system_http_resolved(started, $0) }
    }
    return system_http_start(started)
  }
}

extension HTTPAnswer {
  /// What libcurl was answered.
  init(_ result: system_http_result) {
    self.init(
      status: UInt16(clamping: result.status), contentType: HTTPAnswer.text(result.content_type),
      location: HTTPAnswer.url(result.location),
      cacheFields: HTTPAnswer.fields(HTTPAnswer.text(result.cache_fields)),
      body: Array(UnsafeRawBufferPointer(start: result.body, count: result.body_length)),
      isPublic: result.is_public)
  }

  private static func fields(_ text: String) -> [HeaderLine] {
    text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { line in
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
      let value = line[line.index(after: colon)...]
      let start = value.firstIndex { !$0.isBlank } ?? value.endIndex
      let end = value.lastIndex { !$0.isBlank }.map { value.index(after: $0) } ?? start
      return HeaderLine(name: Array(line[..<colon]), value: Array(value[start..<end]))
    }
  }

  /// Octets beyond ASCII are percent-encoded as they are, be they UTF-8 or not (spec H-32).
  private static func url(_ pointer: UnsafePointer<CChar>?) -> String {
    var octets: [UInt8] = []
    var rest = pointer
    while let next = rest, next.pointee != 0 {
      let octet = UInt8(bitPattern: next.pointee)
      if octet < 0x80 { octets.append(octet) } else { PercentEncoding.append(octet, to: &octets) }
      rest = next + 1
    }
    return String(decoding: octets, as: UTF8.self)
  }

  private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
    pointer.map { String(cString: $0) } ?? ""
  }
}

extension HTTPFailure {
  /// Nil: it was answered.
  init?(outcome: Int32) {
    switch outcome {
    case Int32(SYSTEM_HTTP_ANSWERED): return nil
    case Int32(SYSTEM_HTTP_UNRESOLVED): self = .unresolved
    case Int32(SYSTEM_HTTP_UNREACHABLE): self = .unreachable
    case Int32(SYSTEM_HTTP_TLS): self = .tls
    case Int32(SYSTEM_HTTP_CONNECT_TIMED_OUT): self = .connectTimedOut
    case Int32(SYSTEM_HTTP_TIMED_OUT): self = .timedOut
    case Int32(SYSTEM_HTTP_TOO_LARGE): self = .tooLarge
    case Int32(SYSTEM_HTTP_REFUSED): self = .refused
    case Int32(SYSTEM_HTTP_UNAVAILABLE): self = .unavailable
    case Int32(SYSTEM_HTTP_CONNECTION_REFUSED): self = .connectionRefused
    case Int32(SYSTEM_HTTP_CONNECTION_LOST): self = .connectionLost
    case Int32(SYSTEM_HTTP_CERTIFICATE): self = .certificate
    case Int32(SYSTEM_HTTP_TLS_TIMED_OUT): self = .tlsTimedOut
    case Int32(SYSTEM_HTTP_RESET): self = .reset
    case Int32(SYSTEM_HTTP_NO_ANSWER): self = .noAnswer
    case Int32(SYSTEM_HTTP_CUT_OFF): self = .cutOff
    case Int32(SYSTEM_HTTP_BODY_TIMED_OUT): self = .bodyTimedOut
    case Int32(SYSTEM_HTTP_NO_STATUS_LINE): self = .noStatusLine
    case Int32(SYSTEM_HTTP_HEAD_TOO_LONG): self = .headTooLong
    case Int32(SYSTEM_HTTP_CHUNKS): self = .badChunks
    case Int32(SYSTEM_HTTP_ENCODING): self = .badEncoding
    case Int32(SYSTEM_HTTP_NO_MEMORY): self = .noMemory
    default: self = .garbled
    }
  }
}
