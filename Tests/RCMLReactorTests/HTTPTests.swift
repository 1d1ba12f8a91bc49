import RCMLAgent
import RCMLBasics
import RCMLMedia
import RCMLReactor
import Testing

/// HTTP against a web server that is a fake core with a TCP listener: everything in one loop.
struct HTTPTests {
  /// What the server does with a whole request; nil = it stays silent.
  struct Web {
    let rig: Rig
    let port: UInt16
    let requests = Requests()

    final class Requests { var texts: [String] = [] }

    init(_ answer: @escaping (String) -> String?) throws {
      rig = try Rig()
      port = try rig.reactor.listen("tcp:127.0.0.1:0").address.port
      let requests = requests
      var partial: [ConnectionID: [UInt8]] = [:]
      rig.core.react = { heard, core in
        guard case .bytes(let id, let bytes) = heard else { return }
        partial[id, default: []] += bytes
        let text = String(decoding: partial[id] ?? [], as: UTF8.self)
        guard HTTPTests.isWhole(text) else { return }
        partial[id] = []
        requests.texts.append(text)
        if let reply = answer(text) {
          core.outputs.append(.network(.sendStream(id, bytes: Array(reply.utf8))))
        }
      }
    }
  }

  private static func isWhole(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: [13, 10, 13, 10]) })
    else { return false }
    for line in text.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
      let length = Int(line.split(separator: " ").last ?? "") ?? 0
      return bytes.count - end - 4 >= length
    }
    return true
  }

  static func exchange(
    _ url: String, method: String = "GET", body: String = "", timeout: Int = 5000,
    limit: Int = 1000, blocks: Bool = false, sound: SoundID? = nil
  ) -> HTTPExchange {
    HTTPExchange(
      method: method, url: url,
      headers: [HeaderLine("User-Agent", Array("rcml/test".utf8)), HeaderLine("X-Empty", [])],
      body: Array(body.utf8), connectTimeout: .milliseconds(min(timeout, 2000)),
      timeout: .milliseconds(timeout), bodyLimit: limit, blocksPrivateAddresses: blocks,
      verifiesTLS: true, sound: sound)
  }

  private func run(_ rig: Rig, _ exchange: HTTPExchange) throws -> Result<HTTPAnswer, Failed>? {
    try rig.say(.web(ExchangeID(1), .begin(exchange)))
    return try rig.hear { heard -> Result<HTTPAnswer, Failed>? in
      switch heard {
      case .answered(ExchangeID(1), let answer): .success(answer)
      case .exchangeFailed(ExchangeID(1), let failure): .failure(Failed(failure: failure))
      default: nil
      }
    }
  }

  private struct Failed: Error { let failure: HTTPFailure }

  private func failure(_ rig: Rig, _ exchange: HTTPExchange) throws -> HTTPFailure? {
    if case .failure(let failed) = try run(rig, exchange) { return failed.failure }
    return nil
  }

  private static let hello =
    "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 5\r\n\r\nhello"

  /// H-5.
  @Test func getBringsStatusTypeAndBody() throws {
    let web = try Web { _ in HTTPTests.hello }
    let answer = try #require(
      try run(web.rig, HTTPTests.exchange("http://127.0.0.1:\(web.port)/a/../b?x=1"))
    ).get()
    #expect(answer.status == 200 && answer.contentType == "text/xml")
    #expect(answer.body == Array("hello".utf8) && answer.location == "")
    let request = try #require(web.requests.texts.first)
    #expect(request.hasPrefix("GET /a/../b?x=1 HTTP/1.1\r\n"))
    #expect(request.contains("User-Agent: rcml/test\r\n") && request.contains("X-Empty:"))
    #expect(!request.contains("Cookie"))
  }

  @Test func postSendsTheFormByteForByte() throws {
    let web = try Web { _ in HTTPTests.hello }
    let url = "http://127.0.0.1:\(web.port)/"
    _ = try run(web.rig, HTTPTests.exchange(url, method: "POST", body: "From=%2B1&To=b+c"))
    let request = try #require(web.requests.texts.first)
    #expect(request.hasPrefix("POST / HTTP/1.1\r\n"))
    #expect(
      request.contains("Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"))
    #expect(request.hasSuffix("\r\n\r\nFrom=%2B1&To=b+c"))
    #expect(!request.contains("Expect"))
  }

  /// V-20: what RFC 9111 speaks of, as it came; of cookies only that there are any.
  @Test func whatIsSaidOfKeepingIsHandedUp() throws {
    let web = try Web { _ in
      "HTTP/1.1 103 Early Hints\r\nCache-Control: no-store\r\n\r\n"
        + "HTTP/1.1 200 OK\r\nCACHE-Control:  max-age=60 \r\nCache-Control: private\r\n"
        + "Set-Cookie: secret=1\r\n folded=2\r\nX-Other: 1\r\nVary: Accept,\r\n\tOrigin\r\n"
        + "ETag: \"a\"\r\nContent-Length: 5\r\n\r\nhello"
    }
    let url = "http://127.0.0.1:\(web.port)/"
    let answer = try #require(try run(web.rig, HTTPTests.exchange(url))).get()
    let fields = answer.cacheFields.map {
      String(decoding: $0.name, as: UTF8.self) + "=" + String(decoding: $0.value, as: UTF8.self)
    }
    #expect(
      fields == [
        "cache-control=max-age=60", "cache-control=private", "set-cookie=", "vary=Accept,\tOrigin",
        "etag=\"a\"",
      ])
  }

  /// V-20: nothing that forbids keeping may get lost among the rest.
  @Test func ofMoreFieldsThanThereIsRoomForNothingIsKept() throws {
    let many = (0..<100).map { "Vary: x-\($0)-\(String(repeating: "y", count: 60))\r\n" }.joined()
    let web = try Web { _ in "HTTP/1.1 200 OK\r\n\(many)Content-Length: 5\r\n\r\nhello" }
    let url = "http://127.0.0.1:\(web.port)/"
    let answer = try #require(try run(web.rig, HTTPTests.exchange(url))).get()
    #expect(answer.cacheFields == [HeaderLine("cache-control", Array("no-store".utf8))])
  }

  /// H-9: following is the core's matter.
  @Test func aRedirectIsHandedUpNotFollowed() throws {
    let web = try Web { _ in "HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n" }
    let url = "http://127.0.0.1:\(web.port)/"
    let answer = try #require(try run(web.rig, HTTPTests.exchange(url))).get()
    #expect(answer.status == 302 && answer.location == "/next")
    #expect(web.requests.texts.count == 1)
  }

  /// H-32: in whatever encoding it was written.
  @Test func aLocationBeyondASCIIIsHandedUpEncoded() throws {
    let rig = try Rig()
    let port = try rig.reactor.listen("tcp:127.0.0.1:0").address.port
    let head = Array("HTTP/1.1 302 Found\r\nLocation: /gr".utf8)
    let rest = Array("n/ö x\r\nContent-Length: 0\r\n\r\n".utf8)
    rig.core.react = { heard, core in
      guard case .bytes(let id, _) = heard else { return }
      core.outputs.append(.network(.sendStream(id, bytes: head + [0xfc] + rest)))
    }
    let answer = try #require(try run(rig, HTTPTests.exchange("http://127.0.0.1:\(port)/"))).get()
    #expect(answer.location == "/gr%FCn/%C3%B6 x")
  }

  @Test func theConnectionIsKeptForTheNextExchange() throws {
    let web = try Web { _ in HTTPTests.hello }
    let url = "http://127.0.0.1:\(web.port)/"
    for _ in 0..<3 { _ = try run(web.rig, HTTPTests.exchange(url)) }
    #expect(web.requests.texts.count == 3)
    #expect(web.rig.reactor.counters.streamsAccepted == 1)
  }

  /// H-33: what is repeated is counted, so libcurl must not do it by itself when a kept connection has died.
  @Test(arguments: ["GET", "POST"])
  func aRequestOnAKeptConnectionThatDiesIsNotSentAgainUnasked(method: String) throws {
    let rig = try Rig()
    let port = try rig.reactor.listen("tcp:127.0.0.1:0").address.port
    var requests: [ConnectionID] = []
    rig.core.react = { heard, core in
      guard case .bytes(let id, _) = heard else { return }
      requests.append(id)
      core.outputs.append(
        requests.count == 2
          ? .network(.closeStream(id))
          : .network(.sendStream(id, bytes: Array(HTTPTests.hello.utf8))))
    }
    let exchange = HTTPTests.exchange("http://127.0.0.1:\(port)/", method: method, body: "a=b")
    #expect(try failure(rig, exchange) == nil)
    #expect(try failure(rig, exchange) == .connectionLost)
    for _ in 0..<5 { try rig.reactor.wait(milliseconds: 10) }
    #expect(requests.count == 2 && requests[0] == requests[1])
    // The next one is a request like any other.
    #expect(try failure(rig, exchange) == nil)
    #expect(requests.count == 3)
  }

  /// The name is resolved by us, and libcurl connects to what we found.
  @Test func aNameIsResolvedBeforeTheExchange() throws {
    let web = try Web { _ in HTTPTests.hello }
    let url = "http://localhost:\(web.port)/"
    let answer = try #require(try run(web.rig, HTTPTests.exchange(url))).get()
    #expect(answer.status == 200)
  }

  /// H-10.
  @Test func aSilentServerTimesOut() throws {
    let web = try Web { _ in nil }
    let url = "http://127.0.0.1:\(web.port)/"
    #expect(try failure(web.rig, HTTPTests.exchange(url, timeout: 150)) == .timedOut)
  }

  @Test func everyExchangeIsCountedOnceByWhatItCameTo() throws {
    let answers = [
      "200 OK", "204 No Content", "302 Found", "404 Not Found", "500 Oops", "600 What",
    ]
    let web = try Web { request in
      answers.first { request.contains("/" + $0.prefix(3)) }.map {
        "HTTP/1.1 \($0)\r\nContent-Length: 0\r\n\r\n"
      }
    }
    let url = "http://127.0.0.1:\(web.port)/"
    for answer in answers { _ = try run(web.rig, HTTPTests.exchange(url + answer.prefix(3))) }
    _ = try run(web.rig, HTTPTests.exchange(url + "silent", timeout: 150))
    _ = try run(web.rig, HTTPTests.exchange("http://127.0.0.1:1/"))
    _ = try run(web.rig, HTTPTests.exchange("gopher://127.0.0.1/"))
    _ = try run(web.rig, HTTPTests.exchange(url + "200", blocks: true))
    try web.rig.say(.web(ExchangeID(2), .begin(HTTPTests.exchange(url + "silent"))))
    #expect(try web.rig.reactor.countEverything().exchangesActive == 1)
    try web.rig.say(.web(ExchangeID(2), .abort))
    try web.rig.say(.web(ExchangeID(2), .abort))
    let counted = try web.rig.reactor.countEverything()
    #expect(counted.exchangesActive == 0 && counted.exchanges == 11)
    var expected = ExchangeCounters()
    expected.answered2xx = 2
    expected.answered3xx = 1
    expected.answered4xx = 1
    expected.answered5xx = 1
    expected.failed = 1
    expected.timedOut = 1
    expected.unreachable = 1
    expected.refused = 2
    expected.aborted = 1
    #expect(counted.ended == expected)
  }

  /// H-7: one octet more than the limit.
  @Test func aBodyBeyondTheLimitFails() throws {
    let web = try Web { _ in HTTPTests.hello }
    let url = "http://127.0.0.1:\(web.port)/"
    #expect(try failure(web.rig, HTTPTests.exchange(url, limit: 4)) == .tooLarge)
    #expect(try failure(web.rig, HTTPTests.exchange(url, limit: 5)) == nil)
  }

  @Test func aClosedPortIsUnreachable() throws {
    let web = try Web { _ in nil }
    web.rig.reactor.close()
    let rig = try Rig()
    let url = "http://127.0.0.1:\(web.port)/"
    #expect(try failure(rig, HTTPTests.exchange(url)) == .connectionRefused)
  }

  /// H-34: each has a name, and words of its own.
  @Test(arguments: [
    ("SIP/2.0 200 OK\r\n\r\n", HTTPFailure.noStatusLine), ("hello", .noStatusLine),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n", .badChunks),
    (
      "HTTP/1.1 200 OK\r\n" + String(repeating: "X-Header: and one more\r\n", count: 20_000),
      .headTooLong
    ),
    ("HTTP/1.1 200 OK\r\nX-Long: " + String(repeating: "x", count: 300_000), .headTooLong),
    ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello", .badEncoding),
    ("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", .cutOff), ("", .noAnswer),
  ])
  func aServerThatBreaksTheProtocolIsToldHow(answer: String, expected: HTTPFailure) throws {
    let rig = try Rig()
    let port = try rig.reactor.listen("tcp:127.0.0.1:0").address.port
    rig.core.react = { heard, core in
      guard case .bytes(let id, _) = heard else { return }
      if !answer.isEmpty {
        core.outputs.append(.network(.sendStream(id, bytes: Array(answer.utf8))))
      }
      core.outputs.append(.network(.closeStream(id)))
    }
    #expect(try failure(rig, HTTPTests.exchange("http://127.0.0.1:\(port)/")) == expected)
  }

  /// H-10, H-34: it matters where the time went.
  @Test func anAnswerThatBeginsAndDoesNotEndTimesOutAsSuch() throws {
    let web = try Web { _ in "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello" }
    let url = "http://127.0.0.1:\(web.port)/"
    #expect(try failure(web.rig, HTTPTests.exchange(url, timeout: 150)) == .bodyTimedOut)
  }

  @Test func aSecureConnectionThatIsNeverFinishedTimesOutAsSuch() throws {
    let rig = try Rig()
    let port = try rig.reactor.listen("tcp:127.0.0.1:0").address.port
    let url = "https://127.0.0.1:\(port)/"
    let failure = try failure(rig, HTTPTests.exchange(url, timeout: 1_000))
    #expect(failure == .tlsTimedOut)
  }

  @Test func aServerThatDoesNotSpeakTLSIsToldAsSuch() throws {
    let rig = try Rig()
    let port = try rig.reactor.listen("tcp:127.0.0.1:0").address.port
    rig.core.react = { heard, core in
      guard case .bytes(let id, _) = heard else { return }
      core.outputs.append(.network(.sendStream(id, bytes: Array(HTTPTests.hello.utf8))))
    }
    #expect(try failure(rig, HTTPTests.exchange("https://127.0.0.1:\(port)/")) == .tls)
  }

  /// Certificates are read once, by another thread: no exchange opens them anew (attack N3).
  @Test func manySecureConnectionsAtOnceStopNobody() throws {
    let rig = try Rig()
    let port = try rig.reactor.listen("tcp:127.0.0.1:0").address.port
    for number in 1...100 {
      let exchange = HTTPTests.exchange("https://127.0.0.1:\(port)/", timeout: 60_000)
      try rig.say(.web(ExchangeID(UInt64(number)), .begin(exchange)))
    }
    var longest = Duration.zero
    let clock = ContinuousClock()
    let end = clock.now + .seconds(10)
    while rig.reactor.counters.streamsAccepted < 32, clock.now < end {
      longest = max(longest, try clock.measure { try rig.reactor.wait(milliseconds: 5) })
    }
    #expect(rig.reactor.counters.streamsAccepted >= 32)
    #expect(longest < .milliseconds(60), "\(longest)")
  }

  @Test(arguments: ["ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1:1/", "nonsense:"])
  func otherSchemesAreRefused(url: String) throws {
    #expect(try failure(try Rig(), HTTPTests.exchange(url)) == .refused)
  }

  /// Y-4: by address, however it is spelled, and after resolution.
  @Test(arguments: [
    "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "017700000001", "0.0.0.0",
    "[::1]", "[::ffff:127.0.0.1]", "[::]", "10.0.0.1", "172.16.0.1", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "224.0.0.1", "[fe80::1]", "[fd00::1]", "[ff02::1]",
    "[2002:7f00:1::]", "[64:ff9b::7f00:1]", "255.255.255.255", "[::ffff:7f00:1]",
    "LOCALHOST", "0177.0.0.1", "[::ffff:0:127.0.0.1]", "%31%32%37.0.0.1",
  ])
  func privateAddressesAreRefusedWhenAsked(host: String) throws {
    let web = try Web { _ in HTTPTests.hello }
    let url = "http://\(host):\(web.port)/"
    #expect(try failure(web.rig, HTTPTests.exchange(url, blocks: true)) == .refused)
    #expect(web.rig.reactor.counters.streamsAccepted == 0)
  }

  /// Y-4: a name is no other with a dot behind it, whether it is known or not.
  @Test(arguments: ["localhost.", "127.0.0.1."])
  func aDotBehindAHostIsNoWayAroundTheBlock(host: String) throws {
    let web = try Web { _ in HTTPTests.hello }
    let url = "http://\(host):\(web.port)/"
    let failure = try failure(web.rig, HTTPTests.exchange(url, blocks: true))
    #expect(failure == .refused || failure == .unresolved)
    #expect(web.rig.reactor.counters.streamsAccepted == 0)
  }

  /// Y-5: what answered from here came from no public address.
  @Test func whereAnAnswerCameFromIsHandedUp() throws {
    let web = try Web { _ in HTTPTests.hello }
    for _ in 0..<2 {
      let answer = try run(web.rig, HTTPTests.exchange("http://127.0.0.1:\(web.port)/"))
      #expect(try #require(answer).get().isPublic == false)
    }
  }

  /// A connection opened without the check of Y-4 is no way around it.
  @Test func aKeptConnectionIsNoWayAroundTheBlock() throws {
    let web = try Web { _ in HTTPTests.hello }
    let url = "http://127.0.0.1:\(web.port)/"
    #expect(try failure(web.rig, HTTPTests.exchange(url)) == nil)
    #expect(try failure(web.rig, HTTPTests.exchange(url, blocks: true)) == .refused)
    #expect(web.requests.texts.count == 1)
    // And no hindrance for who may.
    #expect(try failure(web.rig, HTTPTests.exchange(url)) == nil)
    #expect(web.rig.reactor.counters.streamsAccepted <= 2)
  }

  @Test func anAbortedExchangeIsHeardOfNoMore() throws {
    let web = try Web { _ in nil }
    let url = "http://127.0.0.1:\(web.port)/"
    try web.rig.say(
      .web(ExchangeID(1), .begin(HTTPTests.exchange(url, timeout: 100))),
      .web(ExchangeID(1), .abort))
    for _ in 0..<10 { try web.rig.reactor.wait(milliseconds: 20) }
    for heard in web.rig.core.heard {
      if case .exchangeFailed = heard { Issue.record("it was told") }
    }
  }
}
