import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLAgent

/// Documents from the web and what is told to it.
struct DocumentTests {
  static func world(_ answers: [String: String]) -> AgentWorld {
    let world = AgentWorld()
    world.web = { request in
      let path = request.exchange.url.split(separator: "?").first.map(String.init) ?? ""
      return answers[path].map { .document($0) } ?? .status(404)
    }
    world.command(.defaultDocument(.url("http://web/voice", method: "POST")))
    return world
  }

  @Test func theVoiceRequestCarriesItsParametersInOrder() {
    // P-1 … P-14, H-4
    let world = Self.world(["http://web/voice": "<Response/>"])
    let caller = world.phone(5070)
    caller.call(
      from: "\"Alice\" <sip:+15551234@127.0.0.1>",
      headers: [HeaderLine("X-Shop", Array("7".utf8)), HeaderLine("X-Shop", Array("8".utf8))])
    world.run(.seconds(1))
    let request = world.requests.first
    #expect(request?.exchange.method == "POST")
    #expect(request?.exchange.url == "http://web/voice")
    #expect(
      request?.parameters.map(\.name) == [
        "CallSid", "AccountSid", "From", "To", "CallStatus", "ApiVersion", "Direction",
        "CallerName", "SipCallId", "SipHeader_X-Shop", "CallTimestamp",
      ])
    #expect(request?["From"] == "+15551234")
    #expect(request?["To"] == "sip:service@127.0.0.1:5060")
    #expect(request?["CallStatus"] == "ringing")
    #expect(request?["Direction"] == "inbound")
    #expect(request?["SipHeader_X-Shop"] == "7, 8")
    #expect(request?["CallTimestamp"] == "Wed, 02 Oct 2024 13:05:09 +0000")
    #expect(caller.finalCode == 480)
  }

  @Test(arguments: [(404, 404), (500, 500), (403, 500)] as [(UInt16, UInt16)])
  func aDocumentThatCannotBeHadEndsTheCall(status: UInt16, code: UInt16) {
    // M-32
    let world = AgentWorld()
    world.web = { _ in .status(status) }
    world.command(.defaultDocument(.url("http://web/voice", method: "POST")))
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(1))
    #expect(caller.finalCode == code)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aServerThatCannotBeReachedIsAskedTwice() {
    // H-20, M-32
    let world = AgentWorld()
    world.command(.defaultDocument(.url("http://web/voice", method: "POST")))
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(1))
    #expect(world.requests.count == 2)
    #expect(caller.finalCode == 500)
  }

  @Test func theActionIsAskedOnceAndItsReplyIsRun() {
    // L-41, P-40 …
    let world = Self.world([
      "http://web/voice": AgentWorld.dial(5081, attributes: "action=\"/after\""),
      "http://web/after": AgentWorld.dial(5082),
    ])
    let first = world.phone(5081, .rejects(486))
    let second = world.phone(5082, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(3))
    let action = world.requests.last
    #expect(world.requests.count == 2)
    #expect(action?.exchange.url == "http://web/after")
    #expect(action?["DialCallStatus"] == "busy")
    #expect(action?["DialCallDuration"] == "0")
    #expect(action?["DialBridged"] == "false")
    #expect(action?["DialSipResponseCode"] == "486")
    #expect(action?["CallStatus"] == "ringing")
    #expect(
      action?["DialSipCallId"]
        == first.invites.first.map { String(decoding: $0.callID, as: UTF8.self) })
    #expect(second.invites.count == 1)
    #expect(caller.finalCode == 200)
  }

  @Test func theActionIsStillAskedWhenTheCallerIsGone() {
    // L-47
    let world = Self.world([
      "http://web/voice": AgentWorld.dial(5081, attributes: "action=\"/after\""),
      "http://web/after": AgentWorld.dial(5082),
    ])
    _ = world.phone(5081, .answers())
    let second = world.phone(5082)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(3))
    caller.hangUp()
    world.run(.seconds(3))
    #expect(world.requests.last?["CallStatus"] == "completed")
    #expect(world.requests.count == 2)
    #expect(second.invites.isEmpty)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aRedirectLeadsToTheNextDocument() {
    // V-6
    let world = Self.world([
      "http://web/voice": "<Response><Redirect method=\"GET\">/next?x=1</Redirect></Response>",
      "http://web/next": AgentWorld.dial(5081),
    ])
    let callee = world.phone(5081)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(1))
    #expect(world.requests.last?.exchange.method == "GET")
    #expect(world.requests.last?.exchange.url.hasPrefix("http://web/next?x=1&CallSid=CA") == true)
    #expect(callee.invites.count == 1)
  }

  @Test(
    arguments: [
      ("<Response><Reject/></Response>", 603),
      ("<Response><Reject reason=\"busy\"/></Response>", 486),
      ("<Response><Hangup/></Response>", 480), ("<Response/>", 480),
    ] as [(String, UInt16)])
  func aCallerCanBeTurnedAway(document: String, code: UInt16) {
    // V-17, V-18, M-30
    let world = AgentWorld()
    world.document(document)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(1))
    #expect(caller.finalCode == code)
    #expect(world.ends.first?.sipCode == code)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func whatNobodyHereCanSayIsSkippedWithAWarning() {
    // V-10, L-4
    let world = AgentWorld(settings: [("media", "direct")])
    world.document(
      "<Response><Say>Hello</Say><Dial><Sip>sip:a@127.0.0.1:5081</Sip></Dial></Response>")
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(3))
    #expect(world.findings.count == 1)
    #expect(meaning(caller.answerBody).contains("a=inactive"))
    #expect(caller.offers.map { meaning($0) } == [meaning(callee.script.media)])
  }

  @Test func statusCallbacksComeInOrderAndAreNumbered() {
    // K-2, K-8, K-9
    let world = AgentWorld()
    world.document(
      "<Response><Dial><Sip statusCallback=\"http://web/status\">sip:a@127.0.0.1:5081</Sip></Dial></Response>"
    )
    world.web = { _ in .status(200) }
    world.webDelay = .seconds(3)
    _ = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    #expect(world.requests.count == 1)
    caller.hangUp()
    world.runToTheEnd()
    #expect(
      world.requests.map { $0["StatusCallbackEvent"] ?? "" } == [
        "initiated", "ringing", "answered", "completed",
      ])
    #expect(world.requests.map { $0["SequenceNumber"] ?? "" } == ["0", "1", "2", "3"])
    #expect(world.requests.last?["CallStatus"] == "completed")
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aDeadCallbackServerIsToldToTheHostAndDelaysNobody() {
    // K-10, K-12
    let world = AgentWorld()
    world.document(
      "<Response><Dial><Sip statusCallback=\"http://web/status\" statusCallbackEvent=\"initiated\">sip:a@127.0.0.1:5081</Sip></Dial></Response>"
    )
    world.web = { _ in .status(503) }
    _ = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(5))
    #expect(caller.finalCode == 200)
    #expect(world.requests.count == 3)
    #expect(Set(world.requests.map { $0.exchange.body }).count == 1)
    #expect(world.findings.map(\.code) == [.callbackFailed])
  }
}
