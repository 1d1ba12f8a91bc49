import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLAgent

/// What is counted, and when.
struct CounterTests {
  @Test func aCallIsCountedWhenItBeginsAndWhenItEnds() {
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081, 5082))
    _ = world.phone(5081, .answers(after: .seconds(1)))
    _ = world.phone(5082)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(3))
    var counted = world.agent.counters
    #expect(counted.callsActive == 1 && counted.callsIncoming == 1 && counted.callsOutgoing == 0)
    #expect(counted.legsStarted == 2 && counted.legsActive == 1 && counted.legs.canceled == 1)
    #expect(counted.calls.total == 0)
    caller.hangUp()
    world.runToTheEnd()
    counted = world.agent.counters
    #expect(counted.callsActive == 0 && counted.calls.completed == 1 && counted.calls.total == 1)
    #expect(counted.legs.completed == 1 && counted.legs.total == 2 && counted.legsActive == 0)
    #expect(counted.sip.invitesReceived == 1 && counted.sip.invitesSent == 2)
    #expect(counted.sip.retransmissionsSent == 0 && counted.sip.retransmissionsReceived == 0)
    #expect(counted.sip.strayResponses == 0 && counted.messagesRefused == 0)
  }

  @Test func aPhoneThatIsSilentIsSentItsInviteSevenTimesAndCountedOnce() {
    // failures T1: six repetitions of the INVITE
    let world = AgentWorld()
    world.document(
      "<Response><Dial timeout='60'><Sip>sip:a@127.0.0.1:5081</Sip></Dial></Response>")
    let callee = world.phone(5081)
    callee.isDeaf = true
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(40))
    let counted = world.agent.counters
    #expect(counted.sip.invitesSent == 1 && counted.sip.retransmissionsSent == 6)
    #expect(counted.legs.total == 1 && counted.legs.completed == 0)
    // 100, 180, INVITE seven times, the caller's final response.
    #expect(counted.sip.messagesSent == 10)
    #expect(counted.sip.messagesReceived == 2)
  }

  @Test func whatDoesNotBelongHereIsCountedApart() {
    let world = AgentWorld()
    let stranger = AgentWorld.place(5071)
    func send(_ lines: String...) {
      let text = lines.joined(separator: "\r\n") + "\r\n\r\n"
      world.arrive(.datagram(to: world.address, from: stranger, Array(text.utf8)))
      world.run(.milliseconds(10))
    }
    let via = "Via: SIP/2.0/UDP 127.0.0.1:5071;branch=z9hG4bKstranger"
    let rest = [
      "From: <sip:a@127.0.0.1>;tag=1", "To: <sip:b@127.0.0.1>;tag=2", "Call-ID: stranger",
      "Content-Length: 0",
    ].joined(separator: "\r\n")
    send("SIP/2.0 200 OK", via, rest, "CSeq: 1 INVITE")
    #expect(world.agent.counters.sip.strayResponses == 1)
    #expect(world.agent.counters.messagesRefused == 0)
    send("BYE sip:b@127.0.0.1 SIP/2.0", via, rest, "CSeq: 2 BYE", "Max-Forwards: 70")
    send("no SIP at all")
    let counted = world.agent.counters
    #expect(counted.messagesRefused == 2 && counted.sip.messagesReceived == 3)
    #expect(counted.sip.messagesSent == 1)
    #expect(counted.callsIncoming == 0 && counted.sip.invitesReceived == 0)
  }

  @Test func aRequestThatComesAgainIsCountedAsARepetition() {
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    _ = world.phone(5081)
    let caller = world.phone(5070)
    caller.isDeaf = true  // repeats its INVITE, because it hears no 100
    caller.call()
    world.run(.milliseconds(1_600))
    let counted = world.agent.counters
    #expect(counted.callsIncoming == 1 && counted.sip.invitesReceived == 1)
    #expect(counted.sip.retransmissionsReceived == 2 && counted.sip.retransmissionsSent == 2)
  }

  @Test func callbacksWaitAreDeliveredOrGivenUp() {
    let world = AgentWorld()
    world.document(
      "<Response><Dial><Sip statusCallback='http://web/told'>sip:a@127.0.0.1:5081</Sip></Dial></Response>"
    )
    world.web = { $0["StatusCallbackEvent"] == "ringing" ? .status(404) : .status(200) }
    world.webDelay = .milliseconds(500)
    _ = world.phone(5081, .answers(after: .milliseconds(100)))
    let caller = world.phone(5070)
    caller.call()
    world.run(.milliseconds(400))
    #expect(world.agent.counters.callbacksWaiting == 3)
    world.run(.seconds(3))
    caller.hangUp()
    world.runToTheEnd()
    let counted = world.agent.counters
    #expect(counted.callbacksWaiting == 0)
    #expect(counted.callbacksDelivered == 3 && counted.callbacksGivenUp == 1)
  }

  @Test func aKeyIsCountedOnceByTheWayItCameFirst() {
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    _ = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    world.info(caller, "application/dtmf-relay", "Signal=5\r\nDuration=160", cseq: 2)
    world.run(.seconds(1))
    _ = world.command(.onCall(CallNumber(1), .digit(UInt8(ascii: "6"))))
    let counted = world.agent.counters
    #expect(counted.keysOfInfo == 1 && counted.keysOfHost == 1 && counted.keysOfMedia == 0)
  }
}
