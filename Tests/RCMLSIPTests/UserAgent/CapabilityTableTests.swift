import RCMLBasics
import Testing

@testable import RCMLSIP

/// What Allow, Supported, Accept and Require say against what is done, in every state (Capabilities.table.md).
@Suite struct CapabilityTableTests {
  private let sdp = "v=0\r\n"
  private static let padding = ["X-Padding: " + String(repeating: "x", count: 250)]
  private static let path = "Common/Capabilities.table.md"
  static let states = [
    "outside", "stray", "ringing", "answered", "caller", "early", "leg", "offering", "joined",
    "over",
  ]

  private func asked() throws -> StateTable {
    try StateTable(Self.path, after: "## What is asked of us")
  }

  private struct Place {
    let bench: Bench
    /// Our INVITE, in whose dialog the peer speaks; nil = it is the caller.
    var ours: Bench.Sent?
    var toTag = ""
    /// Who answers what is passed on.
    var other: Bench.Sent?
  }

  // MARK: the states

  private func place(in state: String) -> Place {
    let bench = Bench()
    switch state {
    case "outside": return Place(bench: bench)
    case "stray": return Place(bench: bench, toTag: "nobody")
    case "early", "leg", "offering":
      let id = bench.call()
      let invite = bench.sent[0]
      bench.receive(bench.answer(invite, state == "early" ? 180 : 200, body: sdp))
      if state == "offering" {
        bench.agent.offer(id, body: Array(sdp.utf8), at: bench.now)
        bench.drain()
      }
      return Place(bench: bench, ours: invite)
    default: return caller(in: state, bench)
    }
  }

  private func caller(in state: String, _ bench: Bench) -> Place {
    bench.receive(bench.callerRequest("INVITE", body: sdp))
    let id = bench.incoming[0].id
    bench.agent.ring(id, code: 180, body: [], at: bench.now)
    bench.drain()
    var place = Place(bench: bench, toTag: bench.sent[1].tag)
    guard state != "ringing" else { return place }
    bench.agent.accept(id, body: Array(sdp.utf8), headers: [], at: bench.now)
    bench.drain()
    guard state != "answered" else { return place }
    bench.receive(bench.callerRequest("ACK", toTag: place.toTag, branch: "z9hG4bKack"))
    if state == "joined" {
      let leg = bench.call()
      place.other = bench.sent.last
      bench.receive(bench.answer(bench.sent[bench.sent.count - 1], 200, body: sdp))
      bench.agent.join(id, leg)
    } else if state == "over" {
      bench.receive(
        bench.callerRequest("BYE", toTag: place.toTag, cseq: 2, branch: "z9hG4bKbye"))
    }
    return place
  }

  // MARK: the requests

  private func send(_ method: String, _ with: String, in place: Place) {
    var extra = Self.padding
    var body = ""
    var type = "application/sdp"
    switch with {
    case "offer": body = sdp
    case "a key": (body, type) = ("Signal=5\r\n", "application/dtmf-relay")
    case "text/plain": (body, type) = ("hello", with)
    case "multipart/mixed": (body, type) = (Bodies.trunk, Bodies.type)
    case "": break
    case _:
      extra.append(with)
      // Whoever names an interval knows what that is.
      if with.hasPrefix("Session-Expires") { extra.append("Supported: timer") }
      if method == "INVITE" { body = sdp }
    }
    let bench = place.bench
    let text =
      place.ours.map {
        bench.request(
          method, inDialogOf: $0, cseq: 7, branch: "z9hG4bKnew", extra: extra, body: body,
          type: type)
      }
      ?? bench.callerRequest(
        method, toTag: place.toTag, cseq: 7, branch: "z9hG4bKnew",
        callID: place.toTag.isEmpty ? "another" : "caller-1", extra: extra, body: body, type: type)
    bench.receive(text)
  }

  /// What the host and the other party do about it.
  private func follow(in place: Place) {
    let bench = place.bench
    if place.toTag.isEmpty, place.ours == nil, let id = bench.incoming.first?.id {
      bench.agent.accept(id, body: Array(sdp.utf8), headers: [], at: bench.now)
    }
    for event in bench.events where Bench.name(event.event) == "offered" {
      bench.agent.answerOffer(event.id, body: Array(sdp.utf8), at: bench.now)
    }
    bench.drain()
    if place.other != nil, let passed = bench.sent.last,
      ["INFO", "MESSAGE"].contains(passed.method)
    {
      bench.receive(bench.answer(passed, 200))
    }
  }

  private static let words = [
    "Accept", "Accept-Encoding", "Unsupported", "Min-SE", "Retry-After", "Allow",
  ]

  /// Our final answer as the table writes it. What a 2xx says of us is another table's.
  private func answer(to method: String, _ place: Place) -> String {
    let answers = place.bench.news().filter {
      $0.code >= 200 && $0.header("CSeq") == "7 \(method)"
    }
    guard let answer = answers.first else { return "none" }
    let isBare = answer.code < 300
    let names = isBare ? [] : Self.words.filter { !answer.headers($0).isEmpty }
    return (["\(answer.code)"] + names).joined(separator: " ")
  }

  @Test func everyRequestInEveryStateGetsTheAnswerOfItsRow() throws {
    let table = try asked()
    #expect(table.rows.count == 29)
    for row in table.rows {
      for state in Self.states {
        let place = place(in: state)
        _ = place.bench.news()
        send(row["request"], row["with"], in: place)
        follow(in: place)
        let said = answer(to: row["request"], place)
        #expect(said == row[state], "\(row["request"]) \(row["with"]) \(state)")
      }
    }
  }

  // MARK: the words

  private func list(_ text: StaticString) -> [String] {
    "\(text)".split(separator: ",").map { $0.trimmingPrefix { $0 == " " } }.map { String($0) }
  }

  @Test func whatAllowNamesIsServedAndWhatItDoesNotNameIsRefused() throws {
    let rows = try asked().rows
    let named = list(Capabilities.allowed)
    for method in named where method != "ACK" {
      let cells = rows.filter { $0["request"] == method }.flatMap { row in
        Self.states.map { row[$0] }
      }
      #expect(!cells.isEmpty && !cells.contains { $0.hasPrefix("405") || $0.hasPrefix("501") })
    }
    for row in rows where !named.contains(row["request"]) {
      #expect(row["outside"].hasPrefix("405 Allow") || row["outside"] == "501", "\(row)")
    }
  }

  @Test func whatSupportedNamesMayBeRequired() throws {
    let rows = try asked().rows
    let named = list(Capabilities.supported)
    #expect(Set(list(Capabilities.supportedInDialog)).isSubset(of: named))
    for row in rows where row["with"].hasPrefix("Require: ") {
      let isNamed = named.contains(String(row["with"].dropFirst("Require: ".count)))
      let isRefused = Self.states.contains { row[$0].hasPrefix("420") }
      #expect(isNamed == !isRefused, "\(row)")
    }
    for word in named { #expect(rows.contains { $0["with"] == "Require: \(word)" }) }
  }

  @Test func whatAcceptNamesIsRead() throws {
    let rows = try asked().rows
    for type in list(Capabilities.accepted) {
      let with = type == "application/sdp" ? "offer" : type
      let row = try #require(rows.first { $0["request"] == "INVITE" && $0["with"] == with })
      #expect(!Self.states.contains { row[$0].hasPrefix("415") })
    }
  }

  // MARK: what we say

  private func written(_ name: String) -> Bench.Sent? {
    let bench = name.contains("refresh") ? Bench { $0.sessionExpires = .seconds(90) } : Bench()
    switch name {
    case "our INVITE", "our INVITE without an offer":
      _ = bench.call(body: name == "our INVITE" ? sdp : "")
    case "our re-INVITE":
      let id = bench.call()
      bench.receive(bench.answer(bench.sent[0], 200, body: sdp))
      bench.agent.offer(id, body: Array(sdp.utf8), at: bench.now)
      bench.drain()
    case "our refresh by UPDATE":
      _ = bench.call()
      bench.receive(bench.answer(bench.sent[0], 200, extra: ["Allow: UPDATE"], body: sdp))
      bench.advance(.seconds(46))
    case "200 to re-INVITE", "200 to OPTIONS in a dialog":
      let place = caller(in: "caller", bench)
      send(name.contains("OPTIONS") ? "OPTIONS" : "INVITE", "", in: place)
      follow(in: place)
    case "200 to OPTIONS": send("OPTIONS", "", in: Place(bench: bench))
    case "405": send("PUBLISH", "", in: Place(bench: bench))
    case "415 to INVITE": send("INVITE", "text/plain", in: Place(bench: bench))
    default:
      let requires = name.contains("100rel")
      let asks = name.contains("timer")
      bench.receive(
        bench.callerRequest(
          "INVITE",
          extra: (requires ? ["Require: 100rel"] : [])
            + (asks ? ["Supported: timer", "Session-Expires: 90"] : []), body: sdp))
      let id = bench.incoming[0].id
      if name.hasPrefix("180") {
        bench.agent.ring(id, code: 180, body: [], at: bench.now)
      } else {
        bench.agent.accept(id, body: Array(sdp.utf8), headers: [], at: bench.now)
      }
      bench.drain()
    }
    return bench.news().last
  }

  @Test func everyMessageOfOursSaysWhatItsRowHas() throws {
    let table = try StateTable(Self.path, after: "## What we say")
    #expect(table.rows.count == 13)
    for row in table.rows {
      let message = try #require(written(row["message"]), "\(row["message"])")
      for field in ["Allow", "Supported", "Require", "Accept"] {
        let words = row[field] == "all" ? "\(Capabilities.allowed)" : row[field]
        #expect(message.header(field) == words, "\(row["message"]): \(field)")
      }
    }
  }

  /// RFC 3262 §4: a peer that was told so may send one that wants a PRACK, and gets it.
  @Test func aReliableResponseIsAcknowledgedWhereWeSaidSo() {
    let bench = Bench()
    _ = bench.call()
    bench.receive(
      bench.answer(bench.sent[0], 183, extra: ["Require: 100rel", "RSeq: 1"], body: sdp))
    #expect(bench.sent.map(\.short) == ["INVITE", "PRACK"])
  }
}
