import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLAgent

/// names and numbers as a PBX and its carriers write them.
struct HostNameTests {
  private func brought(from: String, to: String = "200") -> (Result<CommandResult, Refusal>, String)
  {
    let world = AgentWorld(settings: [("from_domain", "pbx.example")])
    let callee = world.phone(5081, .answers())
    let result = world.hostCall(AgentWorld.dial(5081), from: from, to: to)
    world.run(.seconds(1))
    let invite = callee.invites.first.map { String(decoding: $0.fromURI, as: UTF8.self) }
    return (result, invite ?? "")
  }

  @Test(arguments: [
    ("1001", "sip:1001@pbx.example"),
    ("+49301", "sip:+49301@pbx.example"),
    ("+49 30 1", "sip:+49%2030%201@pbx.example"),
    ("(030) 1-2", "sip:(030)%201-2@pbx.example"),
    ("o'neil", "sip:o'neil@pbx.example"),
    ("ünï", "sip:%C3%BCn%C3%AF@pbx.example"),
    ("100;x", "sip:100%3Bx@pbx.example"),
    ("\"x\"", "sip:%22x%22@pbx.example"),
    ("<x>", "sip:%3Cx%3E@pbx.example"),
    ("a:b", "sip:a%3Ab@pbx.example"),
    ("a/b?c&d", "sip:a%2Fb%3Fc%26d@pbx.example"),
    ("100%", "sip:100%25@pbx.example"),
    ("Unknown caller", "sip:Unknown%20caller@pbx.example"),
    ("<sip:a@b>", "sip:%3Csip%3Aa%40b%3E@pbx.example"),
    ("sip:alice@a.example", "sip:alice@pbx.example"),
    ("alice@a.example", "sip:alice@pbx.example"),
  ])
  func aCallerIDIsShownHoweverItIsWritten(text: String, uri: String) {
    let (result, from) = brought(from: text)
    #expect(result == .success(.called(CallNumber(1))))
    #expect(from == uri)
  }

  @Test(arguments: [
    "a\r\nX-Evil: 1", "a\u{0}", "a\u{7f}", String(repeating: "1", count: 65), "sip:a b@c", "sip:",
  ])
  func controlCharactersLengthAndURIsThatAreNoneAreRefused(text: String) {
    #expect(brought(from: text).0.isRefused(RefusalCode.uri))
    #expect(brought(from: "100", to: text).0.isRefused(RefusalCode.uri))
  }

  @Test func aPartyIsCalledByItsNameAndSeesAURIAndADisplayName() throws {
    let world = AgentWorld(settings: [("ask_targets", "all")])
    world.document("<Response><Dial><Client>desk</Client></Dial></Response>")
    world.phone(5070).call(from: "\"Alice \\\"A\\\"\" <sip:1001@127.0.5.2>")
    world.run(.milliseconds(100))
    world.resolveTargets(to: "host:PJSIP/dave;media=pcmu")
    let invite = try #require(
      world.hostEvents(.leg(LegNumber(0))).compactMap {
        if case .call(let invite) = $0 { invite } else { nil }
      }.first)
    #expect(invite.to == "PJSIP/dave" && invite.media == .pcmu)
    #expect(invite.from == "sip:1001@127.0.0.1" && invite.fromName == "Alice \"A\"")
  }
}
