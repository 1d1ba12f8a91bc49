import RCMLBasics
import RCMLDial
import RCMLMedia
import Testing

@testable import RCMLAgent

/// What a caller of the host's brings besides its name: header fields, privacy, an answer that was given before.
struct HostCallerTests {
  private func brought(
    _ document: String? = AgentWorld.dial(5081), settings: [(String, String)] = [],
    media: HostMedia = .linear16, sdp: [UInt8] = [],
    _ change: (inout HostCaller) -> Void
  ) -> (AgentWorld, Phone, Result<CommandResult, Refusal>) {
    let world = AgentWorld(settings: settings)
    world.web = { _ in .document(AgentWorld.dial(5081)) }
    let callee = world.phone(5081, .answers())
    var caller = HostCaller(from: "1001", to: "200", name: "Alice", media: media, sdp: sdp)
    change(&caller)
    let source = document.map {
      $0.hasPrefix("http")
        ? DocumentSource.url($0, method: "POST") : .text(Array($0.utf8), baseURL: "")
    }
    let result = world.command(.hostCall(caller, source))
    world.run(.seconds(1))
    return (world, callee, result)
  }

  @Test func itsHeaderFieldsAreThoseOfAnINVITE() {
    // X-20, X-22, U-8: what is no header of a caller's is not shown.
    let (world, callee, _) = brought("http://web/voice", settings: [("pass_diversion", "true")]) {
      $0.headers = [
        HeaderLine("X-Tenant", Array("7".utf8)), HeaderLine("Subject", Array("hi".utf8)),
        HeaderLine("Diversion", Array("<sip:+49301@pbx.example>;reason=busy".utf8)),
      ]
    }
    let voice = world.requests.first
    #expect(voice?["SipHeader_X-Tenant"] == "7" && voice?["SipHeader_Subject"] == nil)
    #expect(voice?["ForwardedFrom"] == "+49301")
    let shown = callee.invites.first?.headers.first { $0.isNamed("diversion") }
    #expect(shown?.value == Array("<sip:+49301@pbx.example>;reason=busy".utf8))
    #expect(callee.invites.first?.headers.contains { $0.isNamed("x-tenant") } == false)
  }

  @Test(arguments: [
    ("X-A", "1\r\nX-Evil: 1"), ("X A", "1"), ("", "1"), ("X-A", "\u{7f}"), ("X-A:", "1"),
  ])
  func aHeaderThatIsNoneIsRefused(name: String, value: String) {
    let (world, callee, result) = brought {
      $0.headers = [HeaderLine(name: Array(name.utf8), value: Array(value.utf8))]
    }
    #expect(result.isRefused(RefusalCode.argument))
    #expect(callee.invites.isEmpty && world.isQuiet)
  }

  @Test(arguments: [true, false])
  func whoWithholdsItsNameIsShownToTheWebAlone(byHeader: Bool) {
    // U-3
    let (world, callee, _) = brought("http://web/voice") {
      if byHeader { $0.headers = [HeaderLine("Privacy", Array("id".utf8))] }
      $0.isPrivate = !byHeader
    }
    #expect(world.requests.first?["From"] == "1001")
    let invite = callee.invites.first
    #expect(invite?.fromURI == Array("sip:anonymous@anonymous.invalid".utf8))
    #expect(invite?.headers.contains { $0.isNamed("privacy") } == true)
  }

  @Test func whoIsAnsweredAlreadyIsNotRungAndHearsTheDial() {
    let (world, callee, _) = brought { $0.isAnswered = true }
    #expect(world.hostActions() == ["answer"])
    #expect(world.events.contains(.onCall(CallNumber(1), .answered)))
    #expect(callee.invites.count == 1 && world.legEvents.contains("answered 0"))
  }

  @Test func whoIsAnsweredAlreadyWaitsForItsDocumentAsLongAsItLikes() {
    let (world, callee, _) = brought(nil) { $0.isAnswered = true }
    world.run(.seconds(40))
    #expect(world.hostActions() == ["answer"] && callee.invites.isEmpty)
    world.command(
      .onCall(CallNumber(1), .run(.text(Array(AgentWorld.dial(5081).utf8), baseURL: ""))))
    world.run(.seconds(1))
    #expect(callee.invites.count == 1)
  }

  @Test func whoIsAnsweredAlreadyAndSpeaksInSDPGetsTheAnswerAtOnce() {
    let (world, _, _) = brought(
      "<Response><Pause length='5'/></Response>", media: .sdp, sdp: AgentWorld.offer
    ) { $0.isAnswered = true }
    #expect(world.hostActions().first == "answer")
    #expect(world.hostDescription()?.isEmpty == false)
  }

  // MARK: names with escapes

  @Test(arguments: [
    ("host:PJSIP%2Ft%2Fsip%3Ab@h", "PJSIP/t/sip:b@h"),
    ("host:%5Bx=y%5Duser%2F1;media=pcmu", "[x=y]user/1"),
    ("host:sofia/internal/1001%25dom", "sofia/internal/1001%dom"),
    ("host:a%20b%3Bc", "a b;c"), ("host:%C3%BC", "ü"),
  ])
  func aDialStringOfTheHostsIsWrittenWithEscapes(uri: String, name: String) {
    // Q-31
    let world = AgentWorld(settings: [("ask_targets", "all")])
    world.hostCall("<Response><Dial><Client>desk</Client></Dial></Response>")
    world.run(.milliseconds(100))
    world.resolveTargets(to: uri)
    world.run(.milliseconds(100))
    #expect(world.hostActions(.leg(LegNumber(0))).first == "call \(name)")
  }

  @Test(arguments: [
    "host:a%0Ab", "host:a%7f", "host:a%", "host:a%2", "host:a%zz", "host:%FF", "host:a b",
  ])
  func anEscapeThatStandsForNoTextIsRefused(uri: String) throws {
    let world = AgentWorld(settings: [("ask_targets", "all")])
    world.hostCall("<Response><Dial><Client>desk</Client></Dial></Response>")
    world.run(.milliseconds(100))
    let question = try #require(world.targets.first)
    let answer = HostAnswer.target(.instead(uri: uri, username: nil, password: nil))
    #expect(world.command(.answer(question.id, answer)).isRefused(RefusalCode.uri))
    #expect(world.command(.answer(question.id, .target(.denied))) == .success(.done))
  }

  // MARK: the host's word is for the host

  @Test(arguments: [
    (
      "<Sip statusCallback='http://web/told' url='http://web/screen'>sip:bob@pbx.test:5070;x=1</Sip>",
      "sip:bob@pbx.test:5070"
    ),
    ("<Client statusCallback='http://web/told' url='http://web/screen'>desk</Client>", "desk"),
    (
      "<Number statusCallback='http://web/told' url='http://web/screen'>+49 30 1</Number>",
      "+49 30 1"
    ),
  ])
  func theWebIsShownTheTargetAsTheDocumentHasIt(noun: String, shown: String) {
    // Q-32
    for answer in ["host:PJSIP/bob", "sip:secret-route@127.0.0.1:5081"] {
      let world = AgentWorld(settings: [("ask_targets", "all")])
      world.web = { _ in .document("<Response/>") }
      let callee = world.phone(5081, .answers())
      world.hostCall("<Response><Dial>\(noun)</Dial></Response>")
      world.run(.milliseconds(100))
      world.resolveTargets(to: answer)
      world.run(.milliseconds(200))
      if callee.invites.isEmpty { world.hostSays(.answers(sdp: []), of: 0) }
      world.run(.seconds(2))
      let urls = Set(world.requests.map(\.exchange.url))
      #expect(urls == ["http://web/told", "http://web/screen"])
      #expect(
        world.requests.allSatisfy { $0["To"] == shown }, "\(world.requests.map { $0["To"] ?? "" })")
      #expect(
        !world.requests.contains {
          $0.parameters.contains { $0.value.contains("secret-route") || $0.value.contains("PJSIP") }
        })
    }
  }
}
