import RCMLBasics
import Testing

@testable import Simulator

/// What is checked of phones behind a NAT (U-64), fed by hand: a good trace passes, and each kind of lie is named.
private struct NATTalk {
  let watch = Watch()
  let first = SocketAddress(ipv4: 0x0a00_0101, port: 42_000)
  let second = SocketAddress(ipv4: 0x0a00_0101, port: 42_002)

  init() {
    watch.now = Instant(nanoseconds: 1_000_000_000)
    watch.reach.hosts = [first.low]
  }

  /// A message of the phone's dialog, which it opened.
  private func message(
    _ start: String, _ cseq: String, isPhones: Bool, toTag: Bool = true
  ) -> SipText {
    let isReply = start.hasPrefix("SIP")
    let (from, to) = isPhones != isReply ? ("phone", "agent") : ("agent", "phone")
    let lines = [
      start, "Via: SIP/2.0/UDP h;branch=z9hG4bK\(from)\(cseq.replacing(" ", with: ""))",
      "From: <sip:a@h>;tag=\(from)", "To: <sip:b@h>" + (toTag ? ";tag=\(to)" : ""),
      "Call-ID: one", "CSeq: \(cseq)", "Content-Length: 0", "", "",
    ]
    return SipText(Array(lines.joined(separator: "\r\n").utf8))!
  }

  func hear(_ start: String, _ cseq: String, _ source: SocketAddress, toTag: Bool = true) {
    watch.reachDelivered(
      message(start, cseq, isPhones: true, toTag: toTag), from: source)
  }

  func say(_ start: String, _ cseq: String, _ destination: SocketAddress) {
    watch.reachSent(message(start, cseq, isPhones: false), to: destination)
  }

  func call() {
    hear("INVITE sip:b@h SIP/2.0", "1 INVITE", first, toTag: false)
    say("SIP/2.0 200 OK", "1 INVITE", first)
  }

  func reoffer() { hear("INVITE sip:b@h SIP/2.0", "2 INVITE", second) }

  var violation: String? { watch.violation?.invariant.rawValue }
}

// [U-64]
@Test func aRequestToWhereThePhoneIsPasses() {
  let talk = NATTalk()
  talk.call()
  talk.say("INVITE sip:a@192.168.1.1 SIP/2.0", "5 INVITE", talk.first)
  talk.hear("SIP/2.0 200 OK", "5 INVITE", talk.second)
  talk.say("ACK sip:a@192.168.1.1 SIP/2.0", "5 ACK", talk.second)
  talk.say("BYE sip:a@192.168.1.1 SIP/2.0", "6 BYE", talk.second)
  #expect(talk.violation == nil)
}

@Test func aRequestToTheInnerAddressIsNamed() {
  let talk = NATTalk()
  talk.call()
  talk.say("BYE sip:a@192.168.1.1 SIP/2.0", "5 BYE", SocketAddress(ipv4: 0xc0a8_0101, port: 5060))
  #expect(talk.violation == "U-64")
}

@Test func aRequestToAPortThatIsNotThePhonesIsNamed() {
  let talk = NATTalk()
  talk.call()
  talk.say("BYE sip:a@192.168.1.1 SIP/2.0", "5 BYE", talk.second)
  #expect(talk.violation == "U-64")
}

// Until it is answered, what the phone asked from its new port may not have been looked at.
@Test func anAnsweredRequestFromANewPortMovesThePhone() {
  for isAnswered in [false, true] {
    let talk = NATTalk()
    talk.call()
    talk.reoffer()
    if isAnswered { talk.say("SIP/2.0 200 OK", "2 INVITE", talk.second) }
    talk.say("BYE sip:a@192.168.1.1 SIP/2.0", "5 BYE", talk.first)
    #expect(talk.violation == (isAnswered ? "U-64" : nil))
  }
}

@Test func anACKThatGoesElsewhereThanItsAnswerCameFromIsNamed() {
  let talk = NATTalk()
  talk.call()
  talk.say("INVITE sip:a@192.168.1.1 SIP/2.0", "5 INVITE", talk.first)
  talk.hear("SIP/2.0 200 OK", "5 INVITE", talk.second)
  talk.say("ACK sip:a@192.168.1.1 SIP/2.0", "5 ACK", talk.first)
  #expect(talk.violation == "U-64")
}

@Test func whatANATLetsInAndWhatItDoesNot() {
  let now = Instant(nanoseconds: 1_000_000_000)
  var nat = PhoneNAT(NATScript(kind: .symmetric), isDialled: true)
  #expect(nat.receive(at: PhoneNAT.dialled, at: now) == .admitted)
  #expect(nat.receive(at: 42_000, at: now) == .unknown)
  #expect(nat.send(at: now) == 42_000)
  #expect(nat.receive(at: 42_000, at: now + .seconds(40)) == .admitted)
  #expect(nat.receive(at: 42_000, at: now + .seconds(80)) == .admitted)
  #expect(nat.receive(at: 42_000, at: now + .seconds(130)) == .expired)
  #expect(nat.send(at: now + .seconds(131)) == 42_002)
  #expect(nat.receive(at: 42_000, at: now + .seconds(131)) == .former)
  nat.rebind()
  #expect(nat.send(at: now + .seconds(132)) == 42_004)
  var cone = PhoneNAT(NATScript(kind: .cone), isDialled: true)
  #expect(cone.send(at: now) == PhoneNAT.dialled)
  cone.rebind()
  #expect(cone.send(at: now) == 42_002)
  #expect(cone.receive(at: PhoneNAT.dialled, at: now) == .former)
}

@Test func aPortThatRanOutIsNamedWhereSomethingWasToKeepItOpen() {
  for mayExpire in [false, true] {
    let watch = Watch()
    watch.reached(.expired, "phone", mayExpire: mayExpire)
    #expect((watch.violation == nil) == mayExpire)
  }
}

// Some worlds have them, whatever else they have, and nothing breaks there.
@Test func someHundredWorldsWithNATsKeepEveryInvariant() {
  var phones = 0
  for seed in WorldKind.firstLarger + 20_000..<WorldKind.firstLarger + 20_100 {
    let world = World(seed: seed)
    phones += world.phones.count { $0.nat != nil }
    let violation = world.run().violation
    #expect(
      violation == nil,
      "seed \(seed): \(violation.map { "\($0.invariant.rawValue): \($0.text)" } ?? "")")
  }
  #expect(phones > 50)
}
