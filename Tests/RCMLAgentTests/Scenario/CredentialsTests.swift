import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLSIP
import Testing

@testable import RCMLAgent

/// Phones that want to know who calls, in whole calls (spec A, Q-17, L-15, L-31).
struct CredentialsTests {
  static let locked = [("require_auth", "alice:open-sesame")]

  static func dial(
    _ attributes: String = #"username="alice" password="open-sesame""#, timeout: Int = 30
  ) -> String {
    #"<Response><Dial timeout="\#(timeout)"><Sip \#(attributes)>sip:bob@127.0.0.1:5081;x=1?X-Order=17</Sip></Dial></Response>"#
  }

  func invites(_ phone: Phone) -> [String] { phone.lines.filter { $0.hasPrefix("INVITE") } }

  @Test func theTargetsCredentialsOpenItsDoor() {
    // A-1, A-4, L-15, X-9
    let world = AgentWorld()
    world.document(Self.dial())
    let callee = world.phone(5081, .answers(), settings: Self.locked)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    #expect(caller.finalCode == 200)
    #expect(invites(callee) == Array(repeating: "INVITE sip:bob@127.0.0.1:5081;x=1", count: 2))
    #expect(callee.message("INVITE")?.contains("\r\nX-Order: 17\r\n") == true)
    #expect(world.legEvents == ["initiated 0", "ringing 0", "answered 0"])
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test(arguments: [
    (#"username="alice" password="wrong""#, 2), (#"username="alice""#, 2),
    (#"username="eve" password="open-sesame""#, 2), ("", 1),
  ])
  func wrongOrMissingCredentialsFailTheLeg(attributes: String, invited: Int) {
    // A-1, A-6, M-8
    let world = AgentWorld()
    world.document(Self.dial(attributes))
    let callee = world.phone(5081, .answers(), settings: Self.locked)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(3))
    #expect(world.legEvents == ["initiated 0", "completed 0 failed"])
    #expect(world.results.first?.sipCode == 401)
    #expect(invites(callee).count == invited)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func credentialsAreForOneLegOnly() {
    // Q-17: the second target has none, though it is the same phone.
    let world = AgentWorld()
    world.document(
      """
      <Response><Dial sequential="true"><Sip username="alice" password="wrong">sip:a@127.0.0.1:5081</Sip>\
      <Sip>sip:b@127.0.0.1:5081</Sip></Dial></Response>
      """)
    let callee = world.phone(5081, .answers(), settings: Self.locked)
    world.phone(5070).call()
    world.run(.seconds(5))
    let asked = callee.messages.map { String(decoding: $0, as: UTF8.self) }.filter {
      $0.hasPrefix("INVITE sip:b@")
    }
    #expect(!asked.isEmpty)
    #expect(asked.allSatisfy { !$0.contains("Authorization:") })
  }

  // MARK: - Asking the host

  @Test func theHostKnowsThem() {
    let world = AgentWorld(settings: [("ask_credentials", "true")])
    world.document(Self.dial(""))
    let callee = world.phone(5081, .answers(), settings: Self.locked)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(3))
    let question = world.questions.first
    #expect(question?.leg == LegNumber(0) && question?.realm == "rcml")
    #expect(question?.host == "127.0.0.1:5081")
    #expect(caller.finalCode == nil)
    let id = question?.id ?? QuestionID(0)
    let open = Private("open-sesame")
    let dirty = world.command(
      .answer(id, .credentials(username: Private("a\nb"), password: open)))
    #expect((try? dirty.get()) == nil)
    #expect(
      (try? world.command(.answer(id, .request(status: 200, contentType: "", body: []))).get())
        == nil)
    let done = world.command(
      .answer(id, .credentials(username: Private("alice"), password: open)))
    #expect((try? done.get()) == .done)
    let again = world.command(
      .answer(id, .credentials(username: Private("alice"), password: open)))
    #expect((try? again.get()) == nil)
    world.run(.seconds(1))
    #expect(caller.finalCode == 200)
    #expect(invites(callee).count == 2)
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test(arguments: [true, false]) func withoutAnAnswerTheLegFails(isDenied: Bool) {
    let world = AgentWorld(settings: [("ask_credentials", "true")])
    world.document(Self.dial(""))
    _ = world.phone(5081, .answers(), settings: Self.locked)
    world.phone(5070).call()
    world.run(.seconds(1))
    if isDenied, let id = world.questions.first?.id {
      world.command(.answer(id, .credentials(username: nil, password: Private(""))))
    }
    world.run(.seconds(8))
    #expect(world.legEvents.count == (isDenied ? 2 : 1))
    world.run(.seconds(2))
    #expect(world.legEvents.last == "completed 0 failed")
    #expect(world.results.first?.sipCode == 401)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aPartyTheHostCallsMayAskToo() {
    let world = AgentWorld(settings: [("ask_credentials", "true")])
    let callee = world.phone(5081, .answers(), settings: Self.locked)
    world.command(
      .call(
        party: "sip:bob@127.0.0.1:5081", from: "",
        .text(Array("<Response><Hangup/></Response>".utf8), baseURL: "")))
    world.run(.seconds(1))
    #expect(world.questions.first?.leg == nil)
    if let id = world.questions.first?.id {
      world.command(
        .answer(id, .credentials(username: Private("alice"), password: Private("open-sesame"))))
    }
    world.run(.seconds(5))
    #expect(callee.wasHungUp)
    #expect(world.ends.map(\.status) == [.completed])
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // MARK: - Given up meanwhile

  @Test func afterTheDialTimerNoInviteGoesOut() {
    // L-31, §18.7 race 11: the timer comes while the host looks for the password.
    let world = AgentWorld(settings: [("ask_credentials", "true")])
    world.document(Self.dial("", timeout: 5))
    let callee = world.phone(5081, .answers(), settings: Self.locked)
    world.phone(5070).call()
    world.run(.seconds(6))
    #expect(world.results.first?.status == .noAnswer)
    if let id = world.questions.first?.id {
      let late = world.command(
        .answer(id, .credentials(username: Private("alice"), password: Private("open-sesame"))))
      #expect((try? late.get()) == nil)
    }
    world.runToTheEnd()
    #expect(invites(callee).count == 1)
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func theDialTimerAndTheChallengeAtOnce() {
    // §18.7 race 11: whatever comes first in that millisecond, nobody is left ringing.
    for offset in 0..<6 {
      let world = AgentWorld()
      world.document(Self.dial(timeout: 5))
      let callee = world.phone(5081, .answers(after: .seconds(1)), settings: Self.locked)
      world.phone(5070).call()
      // The phone is reached only when the timer is about to run out: its 401 and the timer meet.
      callee.isDeaf = true
      world.after(.milliseconds(4_990 + offset * 3)) { callee.isDeaf = false }
      world.runToTheEnd()
      #expect(world.results.first?.status == .noAnswer)
      #expect(world.isQuiet, "\(world.agent.census)")
    }
  }

  @Test func theCallerGivesUpBetweenTwoInvites() {
    // §18.7 race 7
    let world = AgentWorld(settings: [("ask_credentials", "true")])
    world.document(Self.dial(""))
    let callee = world.phone(5081, .answers(), settings: Self.locked)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(1))
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.legEvents == ["initiated 0", "completed 0 canceled"])
    #expect(invites(callee).count == 1)
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // MARK: - Being asked for them

  @Test func callersWhoDoNotKnowThePasswordGetNoFurther() {
    let world = AgentWorld(settings: Self.locked)
    let stranger = world.phone(5070)
    stranger.call()
    let eve = world.phone(5071)
    eve.call(credentials: Credentials(username: "alice", password: "open-sesam"))
    let alice = world.phone(5072)
    alice.call(credentials: Credentials(username: "alice", password: "open-sesame"))
    world.run(.seconds(1))
    #expect(world.incoming.count == 1)
    for call in world.incoming { world.command(.onCall(call, .answer)) }
    world.run(.seconds(1))
    #expect(stranger.finalCode == 401 && eve.finalCode == 401 && alice.finalCode == 200)
    #expect(world.agent.census.calls == 1)
    // RFC 8760 §2.4: the strongest first, and it is the one that is taken.
    #expect(stranger.message("SIP/2.0 401")?.contains("algorithm=SHA-256, qop=") == true)
    #expect(stranger.message("SIP/2.0 401")?.contains("algorithm=MD5, qop=") == true)
    #expect(
      world.events.contains {
        if case .refused(let reason, _) = $0 { reason.code == .callerUnknown } else { false }
      })
    alice.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }
}
