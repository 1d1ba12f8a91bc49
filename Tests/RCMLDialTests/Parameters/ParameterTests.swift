import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDial

/// What the requests say (spec §12, §18.5, X-20 … X-22, U).
@Suite struct ParameterTests {
  private func header(_ name: String, _ value: String) -> HeaderLine {
    HeaderLine(name: Array(name.utf8), value: Array(value.utf8))
  }

  /// X-20
  @Test func customHeadersAreToldUnderTheirOwnSpellingAndJoined() {
    let made = SipHeaderParameters.make(
      prefix: "SipHeader_",
      from: [
        header("X-A", "1"), header("Via", "no"), header("x-a", "2"),
        header("User-to-User", "ab;encoding=hex"), header("Diversion", "<sip:c@h>"),
        header("X-", "nameless"),
      ])
    #expect(
      made.parameters == [
        Parameter("SipHeader_X-A", "1, 2"), Parameter("SipHeader_User-to-User", "ab;encoding=hex"),
        Parameter("SipHeader_Diversion", "<sip:c@h>"),
      ])
    #expect(!made.isCut)
  }

  /// X-21, Q-18
  @Test func atMostFiftyHeadersAnd8192BytesAreTold() {
    let many = (0..<60).map { header("X-\($0)", "v") }
    let made = SipHeaderParameters.make(prefix: "S_", from: many)
    #expect(made.parameters.count == 50 && made.isCut)
    #expect(made.parameters.first?.name == "S_X-0")
    let long = SipHeaderParameters.make(
      prefix: "S_",
      from: [header("X-A", String(repeating: "a", count: 8_192 - 5)), header("X-B", "b")])
    #expect(long.parameters.count == 1 && long.isCut)
    let tooLong = SipHeaderParameters.make(
      prefix: "S_", from: [header("X-A", String(repeating: "a", count: 8_192 - 4))])
    #expect(tooLong.parameters.isEmpty && tooLong.isCut)
  }

  /// X-20: the BYE overrides the final response.
  @Test func headersOfTheByeReplaceThoseOfTheAnswerInTheActionRequest() {
    var driver = DialDriver(
      #"<Response><Dial action="http://w/x"><Sip>sip:a@h</Sip></Dial></Response>"#,
      headers: [header("X-Trunk", "3")])
    driver.answer(0, headers: [header("X-Case", "1"), header("X-Kept", "k")])
    driver.bye(0, headers: [header("x-case", "2")])
    #expect(driver.parameter("DialSipHeader_X-Kept", of: 0) == "k")
    #expect(driver.parameter("DialSipHeader_x-case", of: 0) == "2")
    #expect(driver.parameter("DialSipHeader_X-Case", of: 0) == nil)
    #expect(driver.parameter("SipHeader_X-Trunk", of: 0) == "3")
  }

  /// §12.5, H-4
  @Test func theActionRequestHasItsParametersInTheOrderOfTheTable() {
    var driver = DialDriver(
      #"<Response><Dial action="http://w/x"><Sip>sip:a@h</Sip></Dial></Response>"#)
    driver.answer(0)
    driver.bye(0)
    #expect(
      driver.request(0)?.parameters.map(\.name).suffix(9) == [
        "CallTimestamp", "DialCallStatus", "DialCallSid", "DialCallDuration", "DialBridged",
        "DialRingDuration", "DialSipCallId", "DialSipResponseCode", "DialHangupBy",
      ])
    #expect(driver.parameter("DialHangupBy", of: 0) == "callee")
    #expect(driver.parameter("DialBridged", of: 0) == "true")
    #expect(driver.parameter("CallStatus", of: 0) == "in-progress")
  }

  /// §12.3, K-5, K-11, Q-9
  @Test func aStatusCallbackHasItsParametersInTheOrderOfTheTable() {
    var driver = DialDriver(
      #"<Response><Dial><Sip statusCallback="http://w/c">sip:a@h</Sip></Dial></Response>"#)
    driver.pass(2)
    driver.reject(0, 486)
    let last = driver.callbacks.last?.callback
    #expect(last?.url == "http://w/c" && last?.method == "POST")
    #expect(
      last?.parameters.map(\.name) == [
        "CallSid", "AccountSid", "From", "To", "CallStatus", "ApiVersion", "Direction",
        "CallerName", "ParentCallSid", "SipCallId", "CallTimestamp", "StatusCallbackEvent",
        "Timestamp", "CallbackSource", "SequenceNumber", "CallDuration", "SipResponseCode",
      ])
    let values = last?.parameters ?? []
    #expect(values.contains(Parameter("CallStatus", "busy")))
    #expect(values.contains(Parameter("Timestamp", "Wed, 02 Oct 2024 13:05:11 +0000")))
    #expect(values.contains(Parameter("SipResponseCode", "486")))
  }

  /// failures H10: a jump of the calendar changes stamps, not durations.
  @Test func aClockThatIsSetChangesTimestampsAndNoDuration() {
    var driver = DialDriver(
      #"<Response><Dial><Sip statusCallback="http://w/c">sip:a@h</Sip></Dial></Response>"#)
    driver.answer(0)
    driver.pass(5)
    driver.machine.wallClock(WallClock(unixMicroseconds: 0, at: driver.now))
    driver.bye(0)
    let last = driver.callbacks.last?.callback.parameters ?? []
    #expect(last.contains(Parameter("Timestamp", "Thu, 01 Jan 1970 00:00:00 +0000")))
    #expect(last.contains(Parameter("CallDuration", "5")))
  }

  /// §18.5, K-8
  @Test(arguments: [
    ("", "answered", "0 1 2 3"), ("", "480", "0 1 2"), ("", "486", "0 1"),
    ("initiated,answered", "answered", "0 1"), ("ringing completed", "answered", "0 1"),
    ("completed", "answered", "0"), ("completed", "486", "0"),
  ])
  func sequenceNumbersHaveNoGaps(events: String, history: String, numbers: String) {
    let attribute = events.isEmpty ? "" : #" statusCallbackEvent="\#(events)""#
    var driver = DialDriver(
      "<Response><Dial><Sip statusCallback=\"http://w/c\"\(attribute)>sip:a@h</Sip></Dial></Response>"
    )
    if history != "486" { driver.leg(0, 180) }
    if history == "answered" {
      driver.answer(0)
      driver.bye(0)
    } else {
      driver.reject(0, UInt16(history) ?? 0)
    }
    let sent = driver.callbacks.map { $0.callback.parameters.first { $0.name == "SequenceNumber" } }
    #expect(sent.compactMap { $0?.value }.joined(separator: " ") == numbers)
  }

  /// K-8, `fixed`
  @Test func fixedNumbersAreThoseOfTheEvents() {
    #expect(SipNoun.Event.allCases.map(StatusParameters.fixedNumber) == [0, 1, 2, 3])
  }

  /// P-3, P-4, Q-8
  @Test func addressesAreShownAsTheSettingSays() {
    let auto = CallPolicy.AddressFormat.auto
    #expect(auto.shown(user: "+4930123", host: "h") == "+4930123")
    #expect(auto.shown(user: "bob", host: "h", port: 5080) == "sip:bob@h:5080")
    #expect(auto.shown(user: "", host: "h") == "sip:h")
    #expect(CallPolicy.AddressFormat.uri.shown(user: "1", host: "h") == "sip:1@h")
    #expect(CallPolicy.AddressFormat.user.shown(user: "bob", host: "h") == "bob")
    #expect(
      auto.shownTarget(user: "123:secret", host: "h", port: 0, isSecure: false) == "sip:123@h")
    #expect(
      SipAddressParts("sip:bob:pw@h:5080;transport=tcp?x=1")
        == SipAddressParts("sip:bob@h:5080"))
  }

  /// U-7
  @Test func theInviteNamesItsOwnAndItsParentsCall() {
    let driver = DialDriver("<Response><Dial><Sip>sip:a@h</Sip></Dial></Response>")
    for case .leg(_, .start(let request)) in driver.effects {
      #expect(
        request.headers.map { String(decoding: $0.name, as: UTF8.self) }
          == ["X-RCML-CallSid", "X-RCML-ParentCallSid"])
      #expect(request.headers.first?.value == request.sid.octets)
      #expect(request.from.displayName == "Bob" && request.from.uri == "sip:bob@e.example")
    }
  }

  /// P-15: behind the parameters of the call, and only where a certificate was shown.
  @Test func whoThePeerProvedToBeIsAParameter() {
    var voice = VoiceParameters(
      sid: DialDriver.parent, from: "sip:a@b", to: "sip:c@d", direction: "inbound",
      startedAt: DialDriver.wall.time(at: Instant(nanoseconds: 1_000_000_000)))
    let policy = CallRules(Settings()).policy
    func peer() -> String? {
      voice.list(status: "ringing", policy: policy).first { $0.name == "TlsPeer" }?.value
    }
    #expect(peer() == nil)
    voice.tlsPeer = "phone.example"
    #expect(peer() == "phone.example")
  }
}
