import RCMLBasics
import RCMLSIP
import Testing

@testable import RCMLAgent

/// by what a host chooses the document of a call.
struct IncomingCallTests {
  private func incoming(_ world: AgentWorld) throws -> IncomingCall {
    try #require(
      world.events.compactMap {
        if case .onCall(_, .incoming(let call)) = $0 { call } else { nil }
      }.first)
  }

  @Test func itsHeadersItsPeerAndItsRequestURIAreShown() throws {
    let world = AgentWorld(isJournalled: true)
    world.phone(5070).call(
      from: "\"Alice A.\" <sip:alice@127.0.0.1>",
      to: "sip:desk@127.0.0.1:5060;rcml-url=http%3A%2F%2Fweb%2Fdesk",
      headers: [
        HeaderLine("X-Team", Array("red & blue".utf8)), HeaderLine("s", Array("Lunch?".utf8)),
        HeaderLine("P-Asserted-Identity", Array("<sip:+491@carrier.example>".utf8)),
        HeaderLine("X-Carrier-Signature", Array("canary-signature".utf8)),
      ])
    world.run(.milliseconds(100))
    let call = try incoming(world)
    #expect(call.from == "sip:alice@127.0.0.1" && call.name == "Alice A.")
    #expect(call.requestURI == "sip:desk@127.0.0.1:5060;rcml-url=http%3A%2F%2Fweb%2Fdesk")
    #expect(call.transport == .udp && call.peer == AgentWorld.place(5070))
    #expect(FormEncoding.value(of: "X-Team", in: call.headers) == "red & blue")
    #expect(FormEncoding.value(of: "Subject", in: call.headers) == "Lunch?")
    #expect(
      FormEncoding.value(of: "P-Asserted-Identity", in: call.headers)
        == "<sip:+491@carrier.example>")
    #expect(FormEncoding.value(of: "CSeq", in: call.headers) == "1 INVITE")
    let form = String(decoding: call.headers, as: UTF8.self)
    #expect(!form.contains("canary"))
    let replay = try Replay.run(world.agent.takeJournal())
    #expect(replay.difference == nil, "\(String(describing: replay.difference))")
  }

  @Test func credentialsAreNotShown() throws {
    let world = AgentWorld(settings: [("require_auth", "alice:secret")])
    world.phone(5070).call(credentials: Credentials(username: "alice", password: "secret"))
    world.run(.seconds(1))
    let form = String(decoding: try incoming(world).headers, as: UTF8.self)
    #expect(form.contains("Call-ID=") && !form.contains("Authorization"))
  }

  /// Whoever has a default document is told of nothing, and pays for nothing.
  @Test func withADefaultDocumentNothingIsTold() {
    let world = AgentWorld()
    world.document("<Response/>")
    world.phone(5070).call()
    world.run(.milliseconds(100))
    #expect(world.incoming.isEmpty)
  }
}
