import RCMLBasics
import Testing

@testable import RCMLSIP

/// An outbound proxy, and an address that only the outside knows (spec T-4, T-5).
@Suite struct ProxyTests {
  private let proxy = SocketAddress(ipv4: 0x0A00_0009, port: 5070)

  private func bench(_ uri: String) -> Bench { Bench { $0.outboundProxy = uri } }

  // T-4: whatever the target, the INVITE goes to the proxy, and says so in a Route with `lr`.
  @Test(arguments: [
    ("sip:10.0.0.9:5070", "<sip:10.0.0.9:5070;lr>"),
    ("sip:10.0.0.9:5070;lr", "<sip:10.0.0.9:5070;lr>"),
    ("sip:10.0.0.9:5070;transport=udp;lr", "<sip:10.0.0.9:5070;transport=udp;lr>"),
  ])
  func everyINVITEGoesToTheProxy(uri: String, route: String) {
    let bench = bench(uri)
    _ = bench.call(to: "sip:bob@nowhere.example;transport=udp")
    #expect(bench.resolving.isEmpty)
    let invite = bench.sent[0]
    #expect(invite.to == proxy)
    #expect(invite.startLine == "INVITE sip:bob@nowhere.example;transport=udp SIP/2.0")
    #expect(invite.headers("Route") == [route])
  }

  // A-4, U-30: the INVITE that goes again goes there, too.
  @Test func theNextINVITEGoesToTheProxyToo() {
    let bench = bench("sip:10.0.0.9:5070")
    _ = bench.call(credentials: Credentials(username: "alice", password: "secret"))
    bench.receive(
      bench.answer(
        bench.sent[0], 401, extra: [#"WWW-Authenticate: Digest realm="r", nonce="n""#]),
      from: proxy)
    let invites = bench.sent.filter { $0.method == "INVITE" }
    #expect(invites.map(\.to) == [proxy, proxy])
    #expect(invites[1].headers("Route") == ["<sip:10.0.0.9:5070;lr>"])
  }

  // RFC 3261 §12.1.2: inside the dialog the proxy is on the way only where it recorded itself.
  @Test func theDialogGoesWhereTheAnswerSays() {
    let bench = bench("sip:10.0.0.9:5070")
    let id = bench.call()
    bench.receive(bench.answer(bench.sent[0], 200, body: "v=0\r\n"), from: proxy)
    bench.end(id)
    let news = bench.sent.suffix(2)
    #expect(news.map(\.short) == ["ACK", "BYE"])
    #expect(news.allSatisfy { $0.to == Bench.peer && $0.headers("Route").isEmpty })
  }

  @Test func aProxyThatCannotBeReachedFailsTheCallAtOnce() {
    // T-6
    let bench = bench("sip:10.0.0.9:5070;transport=tcp")
    _ = bench.call()
    #expect(bench.opened.map(\.to) == [proxy])
    if let connection = bench.opened.first?.id {
      bench.agent.streamFailed(connection, at: bench.now)
      bench.drain()
    }
    #expect(bench.eventNames == ["failed", "ended"])
    bench.expectQuiet()
  }

  // T-5: Via and Contact show it; the packet leaves from where it leaves.
  @Test(arguments: [("203.0.113.7", "203.0.113.7"), ("sip.example.com", "sip.example.com")])
  func thePublicAddressIsShown(setting: String, shown: String) {
    let bench = Bench { $0.publicAddress = setting }
    _ = bench.call()
    let invite = bench.sent[0]
    #expect(invite.header("Via").hasPrefix("SIP/2.0/UDP \(shown)"))
    #expect(
      invite.header("Contact").contains("@\(shown)")
        || invite.header("Contact").contains(":\(shown)"))
    bench.receive(bench.callerRequest("INVITE", body: "v=0\r\n"))
    bench.agent.ring(bench.incoming[0].id, code: 180, body: [], at: bench.now)
    bench.drain()
    #expect(bench.sent.last?.header("Contact").contains(shown) == true)
  }
}
