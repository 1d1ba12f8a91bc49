import RCMLAgent
import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLReactor

/// Two agents of one machine that call each other, each at an address of its own.
struct TwoAgentsTests {
  private let caller: Reactor
  private let callee: Reactor

  init() throws {
    caller = try Reactor()
    callee = try Reactor()
  }

  private static func document(_ keys: String) -> DocumentSource {
    .text(
      Array(#"<Response><Play digits="\#(keys)"/><Pause length="2"/></Response>"#.utf8), baseURL: ""
    )
  }

  /// The keys that each hears of the other, until both calls are over. `host`: the one that is called, where that is not
  /// the only one that is listened on.
  private func keys(from: String, to: String, host: String? = nil) throws -> [String] {
    _ = try caller.listen(from)
    let place = try callee.listen(to)
    _ = try callee.perform(.defaultDocument(Self.document("34"))).get()
    let party = host.map { "sip:a@\($0):\(place.address.port)" } ?? place.uri
    _ = try caller.perform(.call(party: party, from: "", Self.document("12"))).get()
    var heard = ["", ""]
    var ended = 0
    for _ in 0..<1_000 where ended < 2 {
      for (place, reactor) in [caller, callee].enumerated() {
        try reactor.wait(milliseconds: 5)
        while let event = try reactor.nextEvent() {
          switch event {
          case .onCall(_, .digit(_, let key)): heard[place].append(Character(UnicodeScalar(key)))
          case .onCall(_, .ended): ended += 1
          default: break
          }
        }
      }
    }
    #expect(caller.counters.media.packetsStrange == 0)
    #expect(callee.counters.media.packetsStrange == 0)
    return heard
  }

  // [U-67] rtp_lock is once: each believes only what the other's SDP names.
  @Test func twoAgentsAtLoopbackAddressesOfTheirOwnHearEachOther() throws {
    #expect(try keys(from: "udp:127.24.0.2:0", to: "udp:127.24.0.3:0") == ["34", "12"])
  }

  // The INVITE came to one address of all: that is the one its answer shows.
  @Test func anAgentThatListensEverywhereIsHeardWhereItWasCalled() throws {
    let heard = try keys(from: "udp:127.24.0.2:0", to: "udp:0.0.0.0:0", host: "127.24.0.4")
    #expect(heard == ["34", "12"])
  }

  // [T-13, T-18, T-19] Keys pressed at both ends go through packets that are made secret, and the journal of it, in which no
  // key of theirs stands, is replayed.
  @Test(arguments: ["udp", "tcp"]) func secretSoundIsHeardAndReplayed(_ way: String) throws {
    let folder = try #require(Folder())
    try caller.writeJournal(to: folder.file("journal"), product: "test")
    for reactor in [caller, callee] {
      for (name, value) in [("srtp", "require"), ("srtp_without_tls", "true")] {
        _ = try reactor.perform(.set(name: name, value: value)).get()
      }
    }
    let heard = try keys(from: "\(way):127.24.0.2:0", to: "\(way):127.24.0.3:0")
    #expect(heard == ["34", "12"])
    caller.close()
    let journal = try #require(folder.read("journal"))
    #expect(try Replay.run(journal).difference == nil)
    let text = String(decoding: journal, as: UTF8.self)
    #expect(text.contains("RTP/SAVP") && text.contains("inline:"))
  }

  @Test func overTCPItIsTheSame() throws {
    let heard = try keys(from: "tcp:127.24.0.2:0", to: "tcp:127.24.0.3:0")
    #expect(heard == ["34", "12"])
  }

  // ::1 is the only loopback address of IPv6: the other one is one that this machine has besides, if it has any.
  @Test func twoAgentsOfIPv6HearEachOther() throws {
    guard let other = RTPParty.otherIPv6, RTPParty(isIPv6: true) != nil else { return }
    #expect(try keys(from: "udp:\(other.text)", to: "udp:[::1]:0") == ["34", "12"])
  }
}
