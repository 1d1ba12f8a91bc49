import RCMLBasics
import RCMLMedia
import RCMLSIP
import Testing

@testable import RCMLAgent

/// Numbers and clients that the settings `number_uri` and `client_uri` dial (spec D-30).
struct NumberTests {
  private static let settings = [
    ("number_uri", "sip:{number}@127.0.0.1:5081;user=phone"),
    ("client_uri", "sip:{client}@127.0.0.1:5081"),
    ("number_username", CredentialsInJournalTests.name),
    ("number_password", CredentialsInJournalTests.password),
  ]

  private func replays(_ world: AgentWorld) throws -> [UInt8] {
    let journal = world.agent.takeJournal()
    let replay = try Replay.run(journal)
    #expect(replay.difference == nil, "\(String(describing: replay.difference))")
    return journal
  }

  // A-1, A-8
  @Test func aNumberIsDialledThroughTheGatewayAndItsPasswordIsNowhere() throws {
    let world = AgentWorld(
      settings: Self.settings + [("transport_log", "true")], isJournalled: true)
    world.document("<Response><Dial>+1 (500) 555-0001</Dial></Response>")
    let gateway = world.phone(
      5081, .answers(),
      settings: [
        (
          "require_auth",
          "\(CredentialsInJournalTests.name):\(CredentialsInJournalTests.password)"
        )
      ])
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(3))
    #expect(caller.finalCode == 200)
    let texts = gateway.messages.map { String(decoding: $0, as: UTF8.self) }
    #expect(
      texts.contains { $0.hasPrefix("INVITE sip:+15005550001@127.0.0.1:5081;user=phone SIP/2.0") })
    caller.hangUp()
    world.runToTheEnd()
    let tests = CredentialsInJournalTests()
    try tests.expectClean(world, try replays(world), secrets: tests.secrets([gateway]))
  }

  @Test func aClientIsDialledAtThePBX() throws {
    let world = AgentWorld(settings: Self.settings, isJournalled: true)
    world.document("<Response><Dial><Client>alice</Client></Dial></Response>")
    let pbx = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(3))
    #expect(caller.finalCode == 200 && world.findings.isEmpty)
    #expect(
      pbx.messages.contains {
        String(decoding: $0, as: UTF8.self).hasPrefix("INVITE sip:alice@127.0.0.1:5081 ")
      })
    caller.hangUp()
    world.runToTheEnd()
    _ = try replays(world)
  }

  @Test(arguments: ["+1 500 555 0001", "tel:+1-500-555-0001", "500-555-0001"])
  func aCallOfTheHostsToANumberGoesTheSameWay(party: String) throws {
    let world = AgentWorld(settings: Self.settings, isJournalled: true)
    let gateway = world.phone(
      5081, .answers(),
      settings: [
        (
          "require_auth",
          "\(CredentialsInJournalTests.name):\(CredentialsInJournalTests.password)"
        )
      ])
    let result = world.command(
      .call(party: party, from: "", .text(Array("<Response><Pause/></Response>".utf8), baseURL: ""))
    )
    guard case .success = result else {
      Issue.record("\(result)")
      return
    }
    world.run(.seconds(5))
    let number = party.hasPrefix("5") ? "5005550001" : "+15005550001"
    #expect(
      gateway.messages.contains {
        String(decoding: $0, as: UTF8.self).hasPrefix("INVITE sip:\(number)@127.0.0.1:5081")
      })
    #expect(world.ends.count == 1 && world.ends.first?.status == .completed)
    world.runToTheEnd()
    _ = try replays(world)
  }

  @Test func withoutTheSettingACallToANumberIsRefusedAndTheSettingIsNamed() {
    let world = AgentWorld()
    let result = world.command(
      .call(party: "+15005550001", from: "", .text(Array("<Response/>".utf8), baseURL: "")))
    guard case .failure(let refusal) = result else {
      Issue.record("\(result)")
      return
    }
    #expect(refusal.code == RefusalCode.uri && refusal.text.contains("number_uri"))
  }
}

/// `sendDigits` from end to end (spec D-27).
struct SentDigitsTests {
  // RFC 4733 events go to the called party before it hears anybody.
  @Test func theKeysAreSentBeforeTheCallerIsAnswered() throws {
    let (world, caller, callee) = ScreenedSoundTests.world(
      #"<Dial><Sip x-digits="w12W3">sip:b@127.0.0.1:5081</Sip></Dial>"#)
    world.run(.milliseconds(200))
    #expect(callee.invites.count == 1)
    world.point(1, by: callee.invites.first?.body)
    world.run(.seconds(1))
    #expect(caller.finalCode == nil, "it hears ringing")
    world.run(.seconds(3))
    #expect(caller.finalCode == 200)
    let played = world.media.commands.compactMap { command -> [PlayItem]? in
      if case .play(_, _, let items) = command { items } else { nil }
    }
    #expect(
      played == [
        [
          .silence(milliseconds: 500), .digits(Array("12".utf8)), .silence(milliseconds: 1_000),
          .digits(Array("3".utf8)),
        ]
      ])
    #expect(world.speakers[1].keys == Array("123".utf8))
    world.point(0, by: caller.answerBody)
    let talking = world.now
    world.run(.seconds(1))
    #expect(world.speakers[0].amplitude(of: 600, from: talking, to: world.now) > 3_000)
    caller.hangUp()
    world.isSilent = true
    world.runToTheEnd()
    #expect(world.isQuiet && world.findings.isEmpty)
  }

  /// L-49 does not hold it back, and media that goes from phone to phone presses no keys.
  @Test func withoutMediaOfOursTheyAreLeftOutWithAWord() {
    let world = AgentWorld(settings: [("media", "direct")])
    world.document(
      #"<Response><Dial><Sip x-digits="1">sip:b@127.0.0.1:5081</Sip></Dial></Response>"#)
    _ = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(3))
    #expect(caller.finalCode == 200 && world.findings.map(\.code) == [.noDigits])
    caller.hangUp()
    world.runToTheEnd()
  }

  @Test func aPartyThatHangsUpInTheMiddleIsNotJoined() {
    let (world, caller, callee) = ScreenedSoundTests.world(
      #"<Dial><Sip x-digits="WWWW1">sip:b@127.0.0.1:5081</Sip></Dial>"#)
    world.run(.seconds(2))
    callee.hangUp()
    world.run(.seconds(1))
    #expect(caller.finalCode == 480)
    world.isSilent = true
    world.runToTheEnd()
    #expect(world.isQuiet && world.media.openCount == 0)
  }
}
