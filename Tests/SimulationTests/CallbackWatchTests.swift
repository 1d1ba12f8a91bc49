import RCMLAgent
import RCMLBasics
import RCMLDial
import RCMLDocument
import Testing

@testable import Simulator

/// Callbacks by hand: the true ones pass, and each lie is named (I-C1 … I-C6).
@Suite struct CallbackWatchTests {
  private let watch = Watch()
  private let sid = CallSid(high: 9, low: 0)

  private func happens(
    _ event: SipNoun.Event, _ status: CallStatus = .inProgress, at milliseconds: Int = 0
  ) {
    let now = World.beginning + .milliseconds(milliseconds)
    watch.now = now
    watch.told(
      .onCall(
        CallNumber(1),
        .legStatus(
          LegNumber(0), LegStatus(event: event, sid: sid, to: "", status: status, instant: now))))
  }

  /// What the callback for `event` must say, and what it says instead.
  private func says(
    _ event: String, _ number: Int, key: String? = nil,
    but lie: (name: String, value: String)? = nil,
    events: String = "all", time: String = "Tue%2C%2014%20Nov%202023%2022%3A13%3A20%20%2B0000"
  ) {
    let states = ["answered": "in-progress", "completed": "failed"]
    var fields: [(String, String)] = [
      ("CallSid", sid.description), ("ParentCallSid", "p"),
      ("CallStatus", states[event] ?? event), ("StatusCallbackEvent", event), ("Timestamp", time),
      ("SequenceNumber", "\(number)"),
    ]
    if event == "completed" { fields.append(("CallDuration", "0")) }
    if let lie {
      fields.removeAll { $0.0 == lie.name }
      fields.append(lie)
    }
    let body = fields.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    watch.asked(
      HTTPExchange(
        method: "POST", url: "http://web.example/status/1?events=\(events)",
        headers: [HeaderLine("Idempotency-Key", Array((key ?? event).utf8))],
        body: Array(body.utf8),
        connectTimeout: .zero, timeout: .zero, bodyLimit: 0, blocksPrivateAddresses: false,
        verifiesTLS: true))
  }

  private var verdict: Violation.Invariant? { watch.violation?.invariant }

  @Test func trueCallbacksPassAlsoRepeatedAndWithAGapWhereOneWasGivenUp() {
    happens(.initiated, .initiated)
    says("initiated", 0)
    says("initiated", 0)
    happens(.ringing, .ringing)
    happens(.completed, .failed)
    says("completed", 2)
    #expect(watch.violation == nil, "\(String(describing: watch.violation))")
  }

  @Test func aNumberThatSkipsAnEventNobodyAskedForIsNoticed() {
    happens(.initiated, .initiated)
    happens(.completed, .failed)
    says("completed", 1, events: "completed")
    #expect(verdict == .numberedCallbacks)
  }

  @Test func aCallbackNobodySubscribedToIsNoticed() {
    happens(.initiated, .initiated)
    says("initiated", 0, events: "answered,completed")
    #expect(verdict == .numberedCallbacks)
  }

  @Test func aRepetitionThatSaysSomethingElseIsNoticed() {
    happens(.initiated, .initiated)
    says("initiated", 0)
    says("initiated", 0, but: ("CallStatus", "ringing"))
    #expect(verdict == .numberedCallbacks)
  }

  @Test func twoEventsUnderOneKeyAreNoticed() {
    happens(.initiated, .initiated)
    happens(.completed, .failed)
    says("initiated", 0, key: "same")
    says("completed", 1, key: "same")
    #expect(verdict == .numberedCallbacks)
  }

  @Test func callbacksOutOfOrderAreNoticed() {
    happens(.initiated, .initiated)
    happens(.completed, .failed)
    says("completed", 1)
    says("initiated", 0)
    #expect(verdict == .orderedEvents)
  }

  @Test func aCallbackForSomethingThatDidNotHappenIsNoticed() {
    happens(.initiated, .initiated)
    says("ringing", 1)
    #expect(verdict == .orderedEvents)
  }

  @Test(
    arguments: [
      ("CallDuration", "1"), ("Timestamp", "Tue%2C%2014%20Nov%202023%2022%3A13%3A21%20%2B0000"),
    ])
  func wrongTimesAreNoticed(name: String, value: String) {
    happens(.initiated, .initiated)
    happens(.completed, .failed)
    says("completed", 1, but: (name, value))
    #expect(verdict == .durations)
  }

  @Test func aWrongStatusIsNoticed() {
    happens(.initiated, .initiated)
    happens(.completed, .failed)
    says("completed", 1, but: ("CallStatus", "busy"))
    #expect(verdict == .legStatus)
  }

  @Test func aLegThatIsItsOwnParentIsNoticed() {
    happens(.initiated, .initiated)
    says("initiated", 0, but: ("ParentCallSid", sid.description))
    #expect(verdict == .distinctSids)
  }

  @Test(arguments: [
    (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"),
    (1_727_874_309, "Wed, 02 Oct 2024 13:05:09 +0000"),
    (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 +0000"),
  ])
  func theCheckersOwnCalendarIsRight(seconds: Int, text: String) {
    // K-11's example is the second.
    #expect(MailDate.text(unixSeconds: seconds) == text)
  }
}

/// I-C7, spec K-10.
@Test func slowAndDeadCallbackEndpointsChangeNoOctetOnTheWire() {
  for seed in 1...150 {
    let outcome = Simulation.run(seed: UInt64(seed), twins: true)
    #expect(outcome.violation == nil, "seed \(seed): \(String(describing: outcome.violation))")
  }
}
