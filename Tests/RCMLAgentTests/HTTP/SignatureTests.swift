import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLAgent

// H-22
struct SignatureTests {
  private func client(_ change: (inout Settings) -> Void) -> WebClient {
    var settings = Settings()
    settings.signingKey = Private("12345")
    change(&settings)
    return WebClient(random: RandomSource(seed: 7), settings: settings.web)
  }

  private let parameters = [
    Parameter("CallSid", "CA00000000000000000000000000000001"), Parameter("From", "bob"),
    Parameter("To", "sip:alice@example.com"), Parameter("CallStatus", "completed"),
    Parameter("SequenceNumber", "3"),
  ]
  private let policy = ConnectionPolicy(
    connectTimeout: .seconds(5), attemptTimeout: .seconds(15), totalTimeout: nil, retries: 0,
    retryOn: .connect, firstPause: .zero)
  private let now = Instant(nanoseconds: 1_000_000_000)

  private func asked(
    _ client: WebClient, _ url: String, method: String = "POST"
  ) throws -> (ExchangeID, HTTPExchange) {
    client.ask(
      .document(CallNumber(1), RequestNumber(0)), url: url, method: method,
      parameters: parameters, policy: policy, origin: .inside, at: now)
    return try exchange(client)
  }

  private func exchange(_ client: WebClient) throws -> (ExchangeID, HTTPExchange) {
    let effects = client.takeEffects()
    guard case .exchange(let id, let exchange)? = effects.last else {
      throw Unexpected(text: "no exchange in \(effects)")
    }
    return (id, exchange)
  }

  private struct Unexpected: Error { var text: String }

  private func header(_ name: String, _ exchange: HTTPExchange) -> String? {
    exchange.headers.first { $0.name == Array(name.utf8) }
      .map { String(decoding: $0.value, as: UTF8.self) }
  }

  // §18.4
  @Test func theVectorOfTheSpecification() throws {
    let client = client { _ in }
    let (_, exchange) = try asked(client, "https://app.example.com/dial/status?tenant=7")
    #expect(header("X-RCML-Signature", exchange) == "IuL/LDevMuipA+Mwibx2LuXpw9Y=")
  }

  @Test func userInfoAndFragmentAreNotSigned() throws {
    let client = client { _ in }
    let (_, exchange) = try asked(client, "https://u:p@app.example.com/dial/status?tenant=7#rc=0")
    #expect(header("X-RCML-Signature", exchange) == "IuL/LDevMuipA+Mwibx2LuXpw9Y=")
  }

  @Test func withoutAKeyNothingIsSigned() throws {
    let client = client { $0.signingKey = nil }
    let (_, exchange) = try asked(client, "https://app.example.com/")
    #expect(
      !exchange.headers.contains { String(decoding: $0.name, as: UTF8.self).contains("Sign") })
  }

  @Test func aGetIsSignedByItsWholeURL() throws {
    let client = client { $0.signatureHeader = "X-Twilio-Signature" }
    let (_, exchange) = try asked(client, "https://app.example.com/a?b=1", method: "GET")
    let expected = try #require(
      Digest.hmac(.sha1, key: Array("12345".utf8), Array(exchange.url.utf8)))
    #expect(exchange.url.hasPrefix("https://app.example.com/a?b=1&CallSid=CA0"))
    #expect(
      header("X-Twilio-Signature", exchange)
        == String(decoding: Base64.encode(expected), as: UTF8.self))
  }

  // H-9
  @Test func aRedirectIsSignedForItsNewURL() throws {
    let client = client { _ in }
    let (id, first) = try asked(client, "https://app.example.com/one")
    client.answered(
      id, HTTPAnswer(status: 307, contentType: "", location: "/two", body: []), at: now)
    let (_, second) = try exchange(client)
    #expect(second.url == "https://app.example.com/two")
    #expect(header("X-RCML-Signature", first) != header("X-RCML-Signature", second))
  }

  @Test func theModeSha256SignsTimeAndBody() throws {
    let client = client { $0.signatureMode = .sha256 }
    client.wall = WallClock(unixMicroseconds: 1_700_000_000_000_000, at: now)
    let (_, exchange) = try asked(client, "https://app.example.com/one")
    let digest = try #require(
      Digest.hmac(
        .sha256, key: Array("12345".utf8), Array("1700000000.".utf8) + exchange.body))
    #expect(
      header("X-RCML-Signature", exchange)
        == "t=1700000000,v1=" + String(decoding: Digest.hex(digest), as: UTF8.self))
  }

  // H-2: setting query_in_body
  @Test func theQueryMovesIntoTheBodyWhenASettingSaysSo() throws {
    let client = client { $0.queryInBody = true }
    let (_, exchange) = try asked(client, "https://app.example.com/one?a=1%202&b")
    #expect(exchange.url == "https://app.example.com/one")
    #expect(String(decoding: exchange.body, as: UTF8.self).hasPrefix("a=1+2&b=&CallSid=CA0"))
    // Signed is what is sent: the moved parameters are parameters now.
    let signed = ([Parameter("a", "1 2"), Parameter("b", "")] + parameters)
      .sorted { $0.name < $1.name }.map { $0.name + $0.value }.joined()
    let digest = try #require(
      Digest.hmac(.sha1, key: Array("12345".utf8), Array((exchange.url + signed).utf8)))
    #expect(
      header("X-RCML-Signature", exchange)
        == String(decoding: Base64.encode(digest), as: UTF8.self))
  }
}
