import Foundation
import RCMLBasics
import Testing

@testable import RCMLSIP

/// Spec Q-17, A-1: whatever a hostile callee says and whenever it says it, credentials go to the place that the document's
/// author named, and nowhere else: the place that gets them is the place the packet goes to.
@Suite struct HostilePlaceTests {
  static let dialled = "sip:bob@10.0.0.2"
  static let home = SocketAddress(ipv4: 0x0A00_0002, port: 5060)

  /// Where the callee wants the next request to go, in words that look like home.
  static let places = [
    "sip:y@10.0.0.2;maddr=10.0.0.66", "sip:y@10.0.0.2:5060;maddr=10.0.0.66", "sip:bob@10.0.0.66",
    "sip:bob@10.0.0.2:5061", "sip:10.0.0.2@10.0.0.66",
    "sip:y@10.0.0.2;transport=tcp;maddr=10.0.0.66",
    "sip:bob@10.0.0.66;maddr=10.0.0.2;MADDR=10.0.0.66", "sip:bob@10.0.0.2;lr;maddr=10.0.0.66:5060",
  ]

  enum Way: Int, CaseIterable {
    case moved, movedWhenKnown, twoContacts, contactOfAnswer, recordRoute, earlyContact, refresh,
      askedHost
  }

  enum Moment: Int, CaseIterable {
    case called, trying, ringing, early, challenged, answered, closing, givenUp
  }

  struct Script: CustomTestStringConvertible {
    var place: String
    var way: Way
    var testDescription: String { "\(way) to \(place)" }
  }

  /// 64 of them.
  static let scripts = places.flatMap { place in Way.allCases.map { Script(place: place, way: $0) }
  }

  /// One call to a callee that plays a script, from a moment on.
  final class Play {
    let bench: Bench
    let script: Script
    let moment: Moment
    var id = SessionID(0)
    var serial = 0
    var hasPointed = false

    init(_ script: Script, _ moment: Moment) {
      self.script = script
      self.moment = moment
      bench = Bench {
        $0.followRedirects = 4
        $0.askCredentials = script.way == .askedHost
      }
    }

    func challenge(_ request: Bench.Sent, as code: Int = 401) {
      serial += 1
      let name = code == 401 ? "WWW-Authenticate" : "Proxy-Authenticate"
      let field = #"\#(name): Digest realm="home", nonce="n\#(serial)", qop="auth", stale=true"#
      bench.receive(bench.answer(request, code, extra: [field]), from: request.to ?? Bench.peer)
    }

    func answer(_ request: Bench.Sent, _ code: Int, body: String = "") {
      let isRouted = script.way == .recordRoute
      bench.receive(
        bench.answer(
          request, code, contact: isRouted ? "<\(HostilePlaceTests.dialled)>" : "<\(script.place)>",
          extra: isRouted ? ["Record-Route: <\(script.place);lr>"] : [], body: body),
        from: request.to ?? Bench.peer)
    }

    func point(_ request: Bench.Sent) {
      hasPointed = true
      let contacts =
        script.way == .twoContacts
        ? ["Contact: <sip:bob@10.0.0.2>;q=0.1", "Contact: <\(script.place)>;q=0.9"]
        : ["Contact: <\(script.place)>"]
      bench.receive(bench.answer(request, 302, extra: contacts), from: request.to ?? Bench.peer)
    }

    /// Its name is asked for by whoever has it.
    func connect() {
      for stream in bench.opened where !connected.contains(stream.id) {
        connected.insert(stream.id)
        bench.agent.streamConnected(stream.id, local: Bench.local, at: bench.now)
        bench.drain()
      }
    }
    var connected: Set<ConnectionID> = []

    func run() {
      let own = Credentials(username: "alice", password: "secret")
      id = bench.call(
        to: HostilePlaceTests.dialled, credentials: script.way == .askedHost ? nil : own)
      for round in 0..<24 {
        connect()
        for request in bench.news() { reply(to: request, round) }
        if script.way == .askedHost,
          case .credentialsWanted(_, let place)? = bench.events.last?.event,
          place == Array("10.0.0.2".utf8)
        {
          bench.agent.giveCredentials(id, own, at: bench.now)
          bench.drain()
        }
        bench.advance(.milliseconds(600))
        if round == 2, moment == .givenUp { bench.end(id) }
        if round == 8 {
          bench.agent.offer(id, body: Array("v=0\r\n".utf8), at: bench.now)
          bench.drain()
        }
        if round == 14 { bench.end(id) }
      }
    }

    private func reply(to request: Bench.Sent, _ round: Int) {
      switch request.method {
      case "INVITE" where !request.header("To").contains(";tag="): replyToInvite(request, round)
      case "INVITE", "BYE", "PRACK", "UPDATE": challenge(request, as: round % 2 == 0 ? 401 : 407)
      default: break
      }
    }

    private func replyToInvite(_ request: Bench.Sent, _ round: Int) {
      let isHome = request.to == HostilePlaceTests.home
      let isKnown = !(request.headers("Authorization") + request.headers("Proxy-Authorization"))
        .isEmpty
      switch moment {
      case .called: break
      case .trying: answer(request, 100)
      case .ringing, .givenUp: answer(request, 180)
      case .early: answer(request, 183, body: "v=0\r\n")
      case .challenged, .answered, .closing: if isHome, !isKnown { return challenge(request) }
      }
      switch script.way {
      case .moved, .twoContacts: if isHome, !hasPointed { return point(request) }
      case .movedWhenKnown, .askedHost:
        if isHome, !isKnown { return challenge(request) }
        if isHome, !hasPointed { return point(request) }
      case .contactOfAnswer, .recordRoute, .earlyContact, .refresh:
        if !isKnown, round < 4 { return challenge(request) }
        return answer(request, 200, body: "v=0\r\n")
      }
      // Elsewhere, everything is challenged.
      challenge(request, as: round % 2 == 0 ? 401 : 407)
    }
  }

  @Test(arguments: Moment.allCases) func nobodyElseIsShownCredentials(_ moment: Moment) {
    // [Q-17]
    var shown = 0
    for script in Self.scripts {
      let play = Play(script, moment)
      play.run()
      for sent in play.bench.sent {
        guard !(sent.headers("Authorization") + sent.headers("Proxy-Authorization")).isEmpty else {
          continue
        }
        shown += 1
        let stream = sent.connection.flatMap { id in play.bench.opened.first { $0.id == id }?.to }
        #expect(
          (sent.to ?? stream) == Self.home,
          "\(moment), \(script.testDescription): \(sent.method) to \(sent.to ?? stream ?? Self.home)"
        )
      }
      play.bench.advance(.seconds(200))
    }
    // They are shown at home: the test has its eyes open.
    #expect(moment == .givenUp || shown > 0)
  }

  @Test func aMaddrInTheDocumentsOwnTargetIsTheAuthorsWord() throws {
    // The author names the place by it: who sits there is shown the credentials.
    let bench = Bench()
    _ = bench.call(
      to: "sip:bob@10.0.0.9;maddr=10.0.0.2",
      credentials: Credentials(username: "alice", password: "secret"))
    let first = try #require(bench.news().first)
    #expect(first.to == Self.home)
    bench.receive(
      bench.answer(first, 401, extra: [#"WWW-Authenticate: Digest realm="home", nonce="n""#]))
    let second = try #require(bench.news().last)
    #expect(second.to == Self.home && !second.header("Authorization").isEmpty)
  }

  @Test func aPlaceIsWhereAPacketForItGoes() {
    func place(_ uri: String) -> DialledPlace? { DialledPlace(Array(uri.utf8)) }
    #expect(place("sip:a@10.0.0.2") == place("sip:b@10.0.0.2:5060;transport=tcp"))
    #expect(place("sip:a@10.0.0.2") != place("sip:a@10.0.0.2;maddr=10.0.0.3"))
    #expect(place("sip:a@10.0.0.2") == place("sip:a@10.0.0.3;maddr=10.0.0.2"))
    #expect(place("sip:a@example.com") == place("sip:b@EXAMPLE.com"))
    #expect(place("sip:a@example.com") == place("sip:b@10.0.0.2;maddr=Example.com"))
    // Without a port SRV says where that is (RFC 3263 §4.2).
    #expect(place("sip:a@example.com") != place("sip:a@example.com:5060"))
    #expect(place("sip:a@[2001:db8::7]") == place("sip:a@[2001:0db8::0007]:5060"))
  }
}
