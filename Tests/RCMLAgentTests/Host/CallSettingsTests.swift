import RCMLDial
import RCMLMedia
import Testing

@testable import RCMLAgent
@testable import RCMLBasics

/// one call behaves by settings of its own, and no other one notices.
struct CallSettingsTests {
  private static let document = """
    <Response><Dial timeLimit='2' action='after'>\
    <Sip statusCallback='told'>sip:a@127.0.0.1:5081</Sip></Dial></Response>
    """

  private static let own = [
    CallSetting("account_sid", "AC7"), CallSetting("base_url", "http://tenant/"),
    CallSetting("signing_key", "k7"), CallSetting("signature_header", "X-Seven"),
    CallSetting("from_domain", "seven.example"), CallSetting("extra_params", "Tenant=7"),
  ]

  private func callers(_ world: AgentWorld) -> [String] {
    world.phones[0].invites.map { String(decoding: $0.fromURI, as: UTF8.self) }
  }

  @Test func twoCallsBesideEachOtherHaveEachTheirOwn() {
    let world = AgentWorld(settings: [("account_sid", "AC0"), ("base_url", "http://all/")])
    world.web = { _ in .document("<Response/>") }
    _ = world.phone(5081, .answers())
    for settings in [Self.own, []] {
      var caller = HostCaller(from: "1001", to: "200", media: .linear16)
      caller.settings = settings
      world.command(.hostCall(caller, .text(Array(Self.document.utf8), baseURL: "")))
      world.run(.milliseconds(50))
    }
    world.run(.seconds(60))
    #expect(callers(world) == ["sip:1001@seven.example", "sip:1001@127.0.0.1"])
    for (base, account, isSigned) in [
      ("http://tenant/", "AC7", true), ("http://all/", "AC0", false),
    ] {
      let of = world.requests.filter { $0.exchange.url.hasPrefix(base) }
      // Four status callbacks, the last of them after the call; the action.
      let paths = of.map { String($0.exchange.url.dropFirst(base.count)) }
      #expect(paths.filter { $0 == "told" }.count == 4 && paths.contains("after"))
      for request in of {
        #expect(request["AccountSid"] == account)
        #expect((request["Tenant"] == "7") == isSigned)
        let names = request.exchange.headers.map { String(decoding: $0.name, as: UTF8.self) }
        #expect(names.contains("X-Seven") == isSigned)
      }
    }
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func theLastCallbackOfACallThatIsOverIsStillItsOwn() {
    // K-9: what waits behind a slow one is delivered after the call has ended.
    let world = AgentWorld()
    world.web = { _ in .document("<Response/>") }
    world.webDelay = .seconds(4)
    _ = world.phone(5081, .answers())
    var caller = HostCaller(from: "1001", to: "200", media: .linear16)
    caller.settings = Self.own
    world.command(
      .hostCall(
        caller,
        .text(Array(Self.document.replacing(" action='after'", with: "").utf8), baseURL: "")))
    world.run(.seconds(60))
    let last = world.requests.last
    #expect(last?["StatusCallbackEvent"] == "completed")
    #expect(last?.exchange.headers.contains { $0.name == Array("X-Seven".utf8) } == true)
  }

  @Test func anIncomingCallGetsThemWithItsDocument() {
    let world = AgentWorld()
    world.web = { _ in .document("<Response/>") }
    _ = world.phone(5081, .answers())
    world.phone(5070).call()
    world.run(.milliseconds(50))
    #expect(world.command(.onCall(CallNumber(1), .set(Self.own))) == .success(.done))
    world.command(
      .onCall(CallNumber(1), .run(.text(Array(Self.document.utf8), baseURL: ""))))
    world.run(.seconds(10))
    #expect(callers(world).first?.hasSuffix("@seven.example") == true)
    #expect(world.requests.allSatisfy { $0["AccountSid"] == "AC7" } && !world.requests.isEmpty)
  }

  @Test func aCallThatTheHostMakesHasThemFromItsBeginning() {
    let world = AgentWorld()
    let callee = world.phone(5081, .init())
    world.command(
      .call(
        party: "sip:a@127.0.0.1:5081", from: "office",
        .text(Array("<Response/>".utf8), baseURL: ""),
        settings: [CallSetting("from_domain", "seven.example"), CallSetting("call_timeout", "2")]))
    world.run(.seconds(4))
    #expect(
      callee.invites.first.map { String(decoding: $0.fromURI, as: UTF8.self) }
        == "sip:office@seven.example")
    #expect(world.ends.map(\.status) == [.noAnswer])
  }

  @Test func theyAreGivenBeforeADocumentRuns() {
    let world = AgentWorld()
    _ = world.phone(5081, .answers())
    world.hostCall(AgentWorld.dial(5081))
    world.run(.seconds(1))
    #expect(world.command(.onCall(CallNumber(1), .set(Self.own))).isRefused(RefusalCode.state))
  }

  @Test(arguments: [
    ("max_calls", "3", true), ("outbound_proxy", "sip:p", true), ("nonsense", "1", true),
    ("account_sid", "AC1", false), ("media", "direct", true), ("ringing_mode", "loud", true),
    ("call_timeout", "5", true),
  ])
  func whatIsTheAgentsOrNoneOrTooLateIsRefused(name: String, value: String, isRefused: Bool) {
    let world = AgentWorld()
    world.phone(5070).call()
    world.run(.milliseconds(50))
    let result = world.command(.onCall(CallNumber(1), .set([CallSetting(name, value)])))
    #expect(result.isRefused(RefusalCode.setting) == isRefused)
  }

  @Test func aChangeOfTheAgentsSettingsIsSeenByTheNextCallOfTheTenant() {
    let world = AgentWorld()
    world.web = { _ in .document("<Response/>") }
    for version in ["1", "2"] {
      world.command(.set(name: "api_version", value: version))
      var caller = HostCaller(from: "1001", to: "200", media: .linear16)
      caller.settings = [CallSetting("account_sid", "AC7")]
      world.command(.hostCall(caller, .url("http://web/voice", method: "POST")))
      world.run(.seconds(1))
    }
    #expect(world.requests.map { $0["ApiVersion"] } == ["1", "2"])
  }

  @Test func itsSecretsAreInNoJournal() throws {
    let world = AgentWorld(isJournalled: true)
    world.web = { _ in .document("<Response/>") }
    var caller = HostCaller(from: "1001", to: "200", media: .linear16)
    caller.settings = [
      CallSetting("signing_key", "hush-hush-7"), CallSetting("signature_header", "X-Seal"),
      CallSetting("number_password", "hush-hush-8"),
    ]
    world.command(.hostCall(caller, .url("http://web/voice", method: "POST")))
    world.run(.seconds(1))
    let seal = try #require(
      world.requests.first?.exchange.headers.first { $0.name == Array("X-Seal".utf8) })
    let journal = String(decoding: world.agent.journal?.takeOctets() ?? [], as: UTF8.self)
    #expect(journal.contains("X-Seal") && !journal.contains("hush-hush"))
    #expect(!journal.contains(String(decoding: seal.value, as: UTF8.self)))
  }

  @Test func everySettingHasAScopeAndNoScopeNamesOneThatIsNone() {
    let names = Set(Settings.names)
    #expect(SettingEntry.ofAgents.isSubset(of: names))
    #expect(SettingEntry.ofBeginnings.isSubset(of: names))
    #expect(SettingEntry.ofAgents.isDisjoint(with: SettingEntry.ofBeginnings))
  }
}
