import Foundation
import RCMLBasics
import Testing

@testable import RCMLSIP

/// Max-Breadth and the marks by which an INVITE of ours is known when it comes back (spec Y-6, RFC 5393).
@Suite struct BreadthTests {
  func call(_ bench: Bench, trail: CallTrail) throws -> Bench.Sent {
    let target = Array("sip:bob@10.0.0.2".utf8)
    _ = bench.agent.invite(
      OutgoingInvite(
        target: target, from: Array("<sip:alice@10.0.0.1>".utf8), to: target,
        callID: bench.agent.makeCallID(), body: Array("v=0\r\n".utf8),
        trail: trail), at: bench.now)
    bench.drain()
    return try #require(bench.news().last)
  }

  @Test func everyInviteOfOursCarriesMaxBreadth() throws {
    // [Y-6]
    let bench = Bench()
    #expect(try call(bench, trail: CallTrail()).headers("Max-Breadth") == ["60"])
    #expect(try call(bench, trail: CallTrail(maxBreadth: 7)).headers("Max-Breadth") == ["7"])
  }

  @Test func theCallersIsRead() {
    for (text, value) in [("5", 5), ("0", 0), ("60", 60), ("1000", 255)] as [(String, UInt8?)] {
      let bench = Bench()
      bench.receive(bench.callerRequest("INVITE", extra: ["Max-Breadth: \(text)"], body: "v=0\r\n"))
      #expect(bench.incoming.first?.invite.trail.maxBreadth == value)
    }
    let bench = Bench()
    bench.receive(bench.callerRequest("INVITE", body: "v=0\r\n"))
    #expect(bench.incoming.first?.invite.trail.maxBreadth == .some(nil))
  }

  @Test(arguments: ["", "x", "-1", "5 6", "5;a", "0x5"]) func aBadOneIs400(value: String) {
    let bench = Bench()
    bench.receive(bench.callerRequest("INVITE", extra: ["Max-Breadth: \(value)"], body: "v=0\r\n"))
    #expect(bench.incoming.isEmpty)
    #expect(bench.news().map(\.code) == [400])
  }

  @Test func twoOfThemAre400() {
    let bench = Bench()
    bench.receive(
      bench.callerRequest("INVITE", extra: ["Max-Breadth: 5", "Max-Breadth: 5"], body: "v=0\r\n"))
    #expect(bench.news().map(\.code) == [400])
  }

  @Test func aResponseIsNotJudgedByIt() throws {
    let bench = Bench()
    let invite = try call(bench, trail: CallTrail())
    bench.receive(bench.answer(invite, 180, extra: ["Max-Breadth: none"]))
    #expect(bench.eventNames == ["provisional"])
  }

  // MARK: - The mark

  func trail(of text: String, in bench: Bench, branch: String) -> CallTrail? {
    bench.receive(
      bench.callerRequest(
        "INVITE", branch: branch, callID: branch, extra: ["RCML-Trail: \(text)"], body: "v=0\r\n"))
    return bench.incoming.first { $0.invite.callID == Array(branch.utf8) }?.invite.trail
  }

  @Test func aMarkOfOursIsKnownAgain() throws {
    let bench = Bench()
    let sent = CallTrail().rooted(at: 0x1234_5678_9abc_def0).onward(maxBreadth: 60)
    let mark = try call(bench, trail: sent).header("RCML-Trail")
    #expect(mark.utf8.count == 32)
    #expect(trail(of: mark, in: bench, branch: "z9hG4bK1")?.depth == 1)
    #expect(trail(of: mark, in: bench, branch: "z9hG4bK4")?.root == sent.root)
    // Another server hands it on, and does not believe in it.
    let other = Bench(seed: 2)
    let seen = try #require(trail(of: mark, in: other, branch: "z9hG4bK2"))
    #expect(seen.depth == nil && seen.root == sent.root && seen.others.count == 1)
    let next = try call(other, trail: seen.onward(maxBreadth: 60)).header("RCML-Trail")
    #expect(trail(of: next, in: bench, branch: "z9hG4bK3")?.depth == 1)
  }

  @Test func whatComesBackMoreOftenThanTheSettingSaysIs482() throws {
    let bench = Bench { $0.maxReturns = 2 }
    var next = CallTrail().rooted(at: 0x100)
    for depth in 1...3 {
      next = next.onward(maxBreadth: 60)
      let mark = try call(bench, trail: next).header("RCML-Trail")
      let branch = "z9hG4bK\(depth)"
      if depth <= 2 {
        #expect(trail(of: mark, in: bench, branch: branch)?.depth == UInt8(depth))
      } else {
        _ = bench.news()
        #expect(trail(of: mark, in: bench, branch: branch) == nil)
        #expect(bench.news().map(\.code) == [482])
        #expect(bench.limited == [.returns])
      }
    }
  }

  @Test func nobodyElseCanMakeAMark() throws {
    let bench = Bench()
    let mark = try call(bench, trail: CallTrail().rooted(at: 0x100).onward(maxBreadth: 60)).header(
      "RCML-Trail")
    for place in 0..<32 {
      var forged = Array(mark)
      forged[place] = forged[place] == "0" ? "1" : "0"
      let text = String(forged)
      #expect(trail(of: text, in: bench, branch: "z9hG4bK\(place)")?.depth == nil, "\(text)")
    }
  }

  @Test func whatOthersWroteIsBounded() throws {
    let bench = Bench()
    let many = (0..<40).map { String(repeating: "\($0 % 10)", count: 32) }
    #expect(
      trail(of: many.joined(separator: ", "), in: bench, branch: "z9hG4bK1")?.others.count == 8)
    let strange = "x, \(String(repeating: "g", count: 32)), \(String(repeating: "1", count: 33))"
    #expect(trail(of: strange, in: bench, branch: "z9hG4bK2") == CallTrail())
  }
}
