import RCMLAgent
import RCMLBasics
import RCMLDial
import Testing

@testable import Simulator

// What pointed worlds check, fed by hand: a good trace passes, and each kind of lie is named.

// U-52
@Test(arguments: [("sendrecv", nil), ("recvonly", Violation.Invariant.requestedOffers)])
func anOfferOnRequestHoldsNobodyWhoDoesNotHold(direction: String, verdict: Violation.Invariant?) {
  let talk = Talk()
  talk.connect()
  talk.wait(1_500)
  // The caller holds, and the callee bows to it.
  talk.hear(
    "INVITE sip:agent@h SIP/2.0", 0, "2 INVITE",
    talk.sdp(Talk.caller, 4_000, version: 2, "sendonly"))
  talk.say(
    "INVITE sip:callee0@h SIP/2.0", 1, "2 INVITE",
    talk.sdp(Talk.caller, 4_000, version: 2, "sendonly"))
  talk.hear(
    "SIP/2.0 200 OK", 1, "2 INVITE", talk.sdp(Talk.callee, 5_000, version: 2, "recvonly"))
  talk.say("ACK sip:callee0@h SIP/2.0", 1, "2 ACK")
  talk.say(
    "SIP/2.0 200 OK", 0, "2 INVITE", talk.sdp(Talk.callee, 5_000, version: 2, "recvonly"))
  talk.hear("ACK sip:agent@h SIP/2.0", 0, "2 ACK")
  talk.watch.settled()
  talk.hear("INVITE sip:agent@h SIP/2.0", 0, "3 INVITE")
  talk.say(
    "SIP/2.0 200 OK", 0, "3 INVITE",
    talk.sdp(Talk.callee, 5_000, version: direction == "sendrecv" ? 3 : 2, direction))
  talk.watch.settled()
  #expect(talk.verdict == verdict, "\(String(describing: talk.watch.violation))")
}

// U-54
@Test(arguments: [true, false])
func aReINVITEThatIsTakenBackIsTakenBackAtTheOtherParty(isCancelled: Bool) {
  let talk = Talk()
  talk.connect()
  talk.hear(
    "INVITE sip:agent@h SIP/2.0", 0, "2 INVITE", talk.sdp(Talk.caller, 4_002, version: 2))
  talk.say(
    "INVITE sip:callee0@h SIP/2.0", 1, "2 INVITE", talk.sdp(Talk.caller, 4_002, version: 2))
  talk.watch.settled()
  talk.hear("CANCEL sip:agent@h SIP/2.0", 0, "2 CANCEL")
  talk.say("SIP/2.0 487 Request Terminated", 0, "2 INVITE")
  // Nothing has come from there, so nothing may be cancelled yet.
  talk.watch.settled()
  #expect(talk.verdict == nil)
  talk.hear("SIP/2.0 100 Trying", 1, "2 INVITE")
  if isCancelled { talk.say("CANCEL sip:callee0@h SIP/2.0", 1, "2 CANCEL") }
  talk.watch.settled()
  #expect(talk.verdict == (isCancelled ? nil : .takenBack))
}

// RFC 3261 §14.1
@Test(arguments: [(3_900, true), (3_900, false), (0, false)])
func aReINVITEThatMetAnotherIsMadeOnceMore(after: Int, isMade: Bool) {
  let talk = Talk()
  talk.connect()
  talk.say(
    "INVITE sip:callee0@h SIP/2.0", 1, "2 INVITE",
    talk.sdp(Talk.caller, 4_000, version: 2, "sendonly"))
  talk.hear("SIP/2.0 491 Request Pending", 1, "2 INVITE")
  talk.say("ACK sip:callee0@h SIP/2.0", 1, "2 ACK")
  talk.watch.settled()
  if after == 0 {
    // Theirs is refused, and nothing stands against ours any more.
    talk.hear(
      "INVITE sip:agent@h SIP/2.0", 1, "2 INVITE", talk.sdp(Talk.callee, 5_002, version: 2))
    talk.say("SIP/2.0 491 Request Pending", 1, "2 INVITE")
    talk.watch.settled()
    talk.wait(100)
  }
  talk.wait(after)
  if isMade {
    talk.say(
      "INVITE sip:callee0@h SIP/2.0", 1, "3 INVITE",
      talk.sdp(Talk.caller, 4_000, version: 2, "sendonly"))
  }
  talk.watch.settled()
  talk.wait(200)
  talk.watch.settled()
  #expect(talk.verdict == (isMade ? nil : .glare), "\(String(describing: talk.watch.violation))")
}

/// A caller whose re-INVITE got our 200.
private func answered(_ talk: Talk) {
  talk.connect()
  talk.hear(
    "INVITE sip:agent@h SIP/2.0", 0, "2 INVITE", talk.sdp(Talk.caller, 4_000, version: 2))
  talk.say("SIP/2.0 200 OK", 0, "2 INVITE", talk.sdp(Talk.callee, 5_000))
  talk.watch.settled()
}

// I-S7
@Test func a2xxThatHasNoACKAndIsNotSentAgainIsNoticed() {
  let talk = Talk()
  answered(talk)
  talk.wait(500)
  talk.watch.settled()
  #expect(talk.verdict == nil)
  talk.wait(10)
  talk.watch.settled()
  #expect(talk.verdict == .repetitions)
}

@Test func a2xxThatHasItsACKIsInOrder() {
  let talk = Talk()
  answered(talk)
  talk.hear("ACK sip:agent@h SIP/2.0", 0, "2 ACK")
  talk.wait(5_000)
  talk.watch.settled()
  #expect(talk.watch.violation == nil, "\(String(describing: talk.watch.violation))")
}

// L-13, U-22
@Test(arguments: [(180, nil), (183, nil), (181, Violation.Invariant.rings), (199, .rings)])
func nothingButARingingPhoneRings(code: Int, verdict: Violation.Invariant?) {
  let talk = Talk()
  talk.hear(
    "INVITE sip:service@h SIP/2.0", 0, "1 INVITE", talk.sdp(Talk.caller, 4_000), toTag: false)
  talk.told(.initiated, .initiated)
  talk.say(
    "INVITE sip:callee0@h SIP/2.0", 1, "1 INVITE", talk.sdp(Talk.caller, 4_000), toTag: false)
  talk.watch.settled()
  talk.hear("SIP/2.0 \(code) X", 1, "1 INVITE")
  talk.told(.ringing, .ringing)
  talk.watch.settled()
  #expect(talk.verdict == verdict)
}

// L-34
@Test func aStarThatEndsItsDialAndIsPassedOnIsNoticed() {
  let talk = Talk()
  talk.watch.starEndsEveryDial = true
  talk.connect()
  talk.wait(2_000)
  talk.hear("INFO sip:agent@h SIP/2.0", 0, "2 INFO", "Signal=*\r\n")
  talk.say("INFO sip:callee0@h SIP/2.0", 1, "2 INFO", "Signal=*\r\n")
  #expect(talk.verdict == .keysPassedOn)
}

// L-49
@Test func aCallForWhoCouldHearNothingIsNoticed() {
  let talk = Talk()
  talk.watch.callerHearsNothing = true
  talk.hear(
    "INVITE sip:service@h SIP/2.0", 0, "1 INVITE", talk.sdp(Talk.caller, 4_000), toTag: false)
  talk.say(
    "INVITE sip:callee0@h SIP/2.0", 1, "1 INVITE", talk.sdp(Talk.caller, 4_000), toTag: false)
  #expect(talk.verdict == .unheard)
}

@Test(arguments: [(488, nil), (480, Violation.Invariant.unheard)])
func whoCouldHearNothingGets488(code: Int, verdict: Violation.Invariant?) {
  let talk = Talk()
  talk.watch.callerHearsNothing = true
  talk.hear(
    "INVITE sip:service@h SIP/2.0", 0, "1 INVITE", talk.sdp(Talk.caller, 4_000), toTag: false)
  talk.say("SIP/2.0 \(code) X", 0, "1 INVITE")
  #expect(talk.verdict == verdict)
}

//
@Test(arguments: [true, false]) func aPartyOfTheHostsHearsOfAKey(isTold: Bool) {
  let talk = Talk()
  talk.connectToHost()
  talk.wait(2_000)
  talk.hear("INFO sip:agent@h SIP/2.0", 0, "2 INFO", "Signal=5\r\n")
  if isTold { talk.watch.hostTold(CallNumber(1), .leg(LegNumber(0)), .key(UInt8(ascii: "5"))) }
  talk.watch.settled()
  #expect(talk.verdict == (isTold ? nil : .hostKeys), "\(String(describing: talk.watch.violation))")
}

// U-23
@Test(arguments: [true, false]) func anOfferOfAPartyOfTheHostsHasAnAnswer(isAnswered: Bool) {
  let talk = Talk()
  talk.connectToHost()
  talk.watch.hostSays(CallNumber(1), LegNumber(0), .offers(sdp: []))
  if isAnswered { talk.watch.hostTold(CallNumber(1), .leg(LegNumber(0)), .accepted(sdp: [])) }
  talk.watch.settled()
  talk.wait(5_001)
  talk.watch.settled()
  #expect(talk.verdict == (isAnswered ? nil : .sessions))
}

extension Talk {
  /// A caller and a called party of the host's, until both talk.
  fileprivate func connectToHost() {
    watch.screens = true
    hear("INVITE sip:service@h SIP/2.0", 0, "1 INVITE", sdp(Talk.caller, 4_000), toTag: false)
    watch.relate(CallNumber(1), 0)
    told(.initiated, .initiated)
    let invite = HostInvite(to: "host:desk", from: "", media: .sdp, headers: [], sdp: [])
    watch.hostTold(CallNumber(1), .leg(LegNumber(0)), .call(invite))
    watch.settled()
    watch.hostSays(CallNumber(1), LegNumber(0), .answers(sdp: []))
    told(.answered, .inProgress)
    say("SIP/2.0 200 OK", 0, "1 INVITE", sdp(World.agentHost, 6_000))
    watch.hostSaid()
    watch.settled()
    hear("ACK sip:agent@h SIP/2.0", 0, "1 ACK")
    watch.settled()
  }
}
