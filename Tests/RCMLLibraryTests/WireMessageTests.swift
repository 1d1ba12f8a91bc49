import RCMLAgent
import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLLibrary
@testable import RCMLRehearsal

/// The SIP messages of a journal, as packets and pages need them.
@Suite struct WireMessageTests {
  private func journal() throws -> [UInt8] {
    let text = """
      <Response><Dial><Sip>sip:alice@[2001:db8::7]</Sip>\
      <Sip username="u" password="geheim">sip:bob@example.com;transport=tcp</Sip></Dial></Response>
      """
    var script = RehearsalScript(
      document: .text(Array(text.utf8), baseURL: ""), from: "sip:caller@192.0.2.2",
      to: "sip:service@192.0.2.1")
    script.outcomes = [
      try ScriptedOutcome.read("1:180,none"),
      try ScriptedOutcome.read("2:407,after=1:200,after=2:bye"),
    ]
    return try Rehearsal(script, product: LibraryVersion.text, report: { _ in }).run()
  }

  @Test func everyArrowOfTheLadderIsAMessageWithItsTwoEnds() throws {
    let journal = try journal()
    var messages: [WireMessage] = []
    try WireMessages.read(journal, call: nil) { messages.append($0) }
    let arrows = try Ladder.draw(journal).split(separator: "\n").filter {
      $0.contains("▶") || $0.contains("◀")
    }
    #expect(messages.count == arrows.count && arrows.count > 12)
    for message in messages {
      #expect(message.local.low == Rehearsal.ipv4.low || message.local.low == Rehearsal.ipv6.low)
      #expect(message.local.family == message.peer.family)
      #expect(message.sid != nil)
      #expect((message.connection == nil) == (message.transport == .udp))
      #expect(!String(decoding: message.bytes, as: UTF8.self).contains("geheim"))
    }
    #expect(Set(messages.map(\.local.family)) == [.ipv4, .ipv6])
    #expect(Set(messages.map(\.transport)) == [.udp, .tcp])
    #expect(messages.map(\.elapsed) == messages.map(\.elapsed).sorted())
    #expect(messages.first?.unixMicroseconds == 1_700_000_000_000_000)
    #expect(messages.last?.unixMicroseconds == 1_700_000_003_000_000)
  }

  @Test func oneCallIsFoundByTheBeginningOfItsName() throws {
    let journal = try journal()
    var all = 0
    var sid = ""
    try WireMessages.read(journal, call: nil) {
      all += 1
      sid = $0.sid?.description ?? ""
    }
    var some = 0
    try WireMessages.read(journal, call: String(sid.prefix(8))) { _ in some += 1 }
    #expect(some == all)
    #expect(throws: JournalError.self) {
      try WireMessages.read(journal, call: "CAffffffff") { _ in }
    }
  }
}
