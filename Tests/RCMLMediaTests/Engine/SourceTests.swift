import RCMLBasics
import Testing

@testable import RCMLMedia

/// Whose packets are believed, by what a caller and the one it talks with hear of each other (spec U-67).
@Suite struct SourceTests {
  private func joined() -> Studio {
    let studio = Studio()
    studio.perform(.join(studio.caller, studio.callee, .init()))
    return studio
  }

  private static func address(_ low: UInt64, _ port: UInt16) -> SocketAddress {
    SocketAddress(ipv4: UInt32(low), port: port)
  }

  /// Where the callee's sound goes now.
  private func target(_ studio: Studio, _ callee: inout Talker) -> SocketAddress? {
    callee.say(studio)
  }

  // The caller's re-INVITE names another port, and its packets still come from the old one for a round trip.
  @Test(arguments: [0, 40, 60, 80, 100, 200, 300])
  func aPhoneThatMovesItsPortIsHeardThereHoweverLongItsOldOneGoesOn(milliseconds: Int) {
    let studio = joined()
    var callee = Talker(Studio.calleeAddress, slot: 1)
    var old = Talker(Studio.callerAddress)
    #expect(old.speak(studio, packets: 10) == 10)
    let moved = Self.address(0x0a00_0001, 4_002)
    studio.describe(studio.caller, moved, [.init(0, .pcmu)])
    // It is told of there from the moment it named it, and what still comes from the old port does not change that.
    for _ in 0..<milliseconds / 20 {
      _ = old.say(studio)
      #expect(target(studio, &callee) == moved)
      studio.wait(milliseconds: 20)
    }
    studio.wait(milliseconds: 100)
    old.address = moved
    #expect(old.speak(studio, packets: 10) == 10)
    #expect(target(studio, &callee) == moved)
  }

  // A leg's 183 names an announcement, its 200 the phone; the announcement goes on for a while.
  @Test func theAnnouncementOfA183DoesNotKeepThePhoneThatAnswersFromBeingHeard() {
    let studio = joined()
    let phone = Self.address(0x0a00_0042, 6_000)
    var announcement = Talker(Self.address(0x0a00_0041, 5_500), slot: 1)
    studio.describe(studio.callee, announcement.address, [.init(0, .pcmu)])
    #expect(announcement.speak(studio, packets: 50) == 50)
    studio.describe(studio.callee, phone, [.init(0, .pcmu)])
    #expect(announcement.speak(studio, packets: 5) == 0)
    var caller = Talker(Studio.callerAddress)
    #expect(caller.say(studio) == phone)
    var answering = Talker(phone, slot: 1)
    #expect(answering.speak(studio, packets: 10) == 10)
    #expect(caller.say(studio) == phone)
  }

  // The caller is muted, and whoever sprays every port of the machine has spoken first.
  @Test func aPartyThatWasSilentIsHeardWhoeverSpokeBefore() {
    let studio = joined()
    var stranger = Talker(Self.address(0xc633_6407, 7_000))
    _ = stranger.speak(studio, packets: 100)
    let key = studio.send(
      slot: 0, from: Studio.callerAddress, type: 101, sequence: 1, timestamp: 160, source: 5,
      payload: [5, 10, 0, 160])
    #expect(key != nil)
    #expect(studio.events == [.digit(studio.caller, UInt8(ascii: "5"))])
    var callee = Talker(Studio.calleeAddress, slot: 1)
    #expect(target(studio, &callee) == Studio.callerAddress)
    #expect(stranger.speak(studio, packets: 100) == 0)
  }

  // A NAT gives the phone another port while it speaks.
  @Test func aPhoneWhoseNATMovesItIsFollowedOnceItSaysSoAndNoEarlier() {
    let studio = joined()
    var callee = Talker(Studio.calleeAddress, slot: 1)
    var phone = Talker(Self.address(0x0a00_0099, 61_000))
    #expect(phone.speak(studio, packets: 50) == 47)
    phone.address.port = 61_400
    #expect(phone.speak(studio, packets: 500) == 0)
    #expect(target(studio, &callee)?.port == 61_000)
    // A session refresh or a re-INVITE, be it with the same SDP: whoever was believed has the first word, then it.
    studio.describe(studio.caller, Studio.callerAddress, [.init(0, .pcmu)])
    #expect(target(studio, &callee)?.port == 61_000)
    #expect(phone.speak(studio, packets: 50) == 47)
    #expect(target(studio, &callee)?.port == 61_400)
  }

  @Test func aRefreshMovesNobodyWhoGoesOnSpeaking() {
    let studio = joined()
    var phone = Talker(Self.address(0x0a00_0099, 61_000))
    var other = Talker(Self.address(0x0a00_0099, 61_400))
    _ = phone.speak(studio, packets: 50)
    for _ in 0..<10 {
      studio.describe(studio.caller, Studio.callerAddress, [.init(0, .pcmu)])
      for _ in 0..<20 {
        #expect(other.say(studio) == nil)
        #expect(phone.say(studio) != nil)
        studio.wait(milliseconds: 20)
      }
    }
  }

  // What happens inside a call is no word of the party: nobody may take its place.
  @Test func aDescriptionThatTheEngineRepeatsOpensNoDoor() {
    let studio = joined()
    var phone = Talker(Self.address(0x0a00_0099, 61_000))
    var other = Talker(Self.address(0x0a00_0099, 61_400))
    _ = phone.speak(studio, packets: 50)
    studio.describe(studio.caller, Studio.callerAddress, [.init(0, .pcmu)]) {
      $0.sender.edition -= 1
      $0.silenceLimit = .seconds(60)
    }
    studio.wait(milliseconds: 2_500)
    studio.describe(studio.caller, Studio.callerAddress, [.init(0, .pcmu)]) {
      $0.sender.edition = 3
    }
    #expect(other.speak(studio, packets: 0) == 0)
    #expect(phone.speak(studio, packets: 10) == 10)
  }

  // Hold by c=0.0.0.0 and back is no move: a phone behind a NAT is heard at once.
  @Test func aPhoneBehindANATThatComesBackFromHoldIsHeardAtOnce() {
    let studio = joined()
    var callee = Talker(Studio.calleeAddress, slot: 1)
    var phone = Talker(Self.address(0x0a00_0099, 61_000))
    _ = phone.speak(studio, packets: 10)
    studio.describe(studio.caller, nil, [.init(0, .pcmu)])
    #expect(target(studio, &callee) == nil)
    studio.describe(studio.caller, Studio.callerAddress, [.init(0, .pcmu)])
    #expect(target(studio, &callee) == phone.address)
    #expect(phone.speak(studio, packets: 10) == 10)
  }

  // RTP bleed (failures A8): ten times the call's packets, before, during and after it.
  @Test(arguments: [true, false])
  func aSprayerIsNeitherHeardNorAnswered(namesAPublicAddress: Bool) {
    let studio = joined()
    let named = namesAPublicAddress ? Self.address(0xcb00_7105, 4_000) : Studio.callerAddress
    studio.describe(studio.caller, named, [.init(0, .pcmu)]) {
      // A proxy on the open net; or a phone that registers from where it listens.
      $0.sender.signalling = namesAPublicAddress ? Studio.signalling : named
    }
    var callee = Talker(Studio.calleeAddress, slot: 1)
    var sprayers = (0..<10).map { Talker(Self.address(0xc633_6400 + UInt64($0), 7_000)) }
    var caller = Talker(named)
    for round in 0..<3_000 {
      for index in sprayers.indices { #expect(sprayers[index].say(studio) == nil) }
      if (1_000..<2_000).contains(round) { #expect(caller.say(studio) != nil) }
      #expect(target(studio, &callee) == named)
      studio.now = studio.now + .milliseconds(20)
    }
    #expect(studio.engine.counters.strange == 30_000)
    #expect(!studio.events.contains(.contested(studio.caller)))
  }

  // Nobody can vouch for a phone behind a NAT and a proxy: the host is told that two speak for it.
  @Test func aSecondSenderWhereNobodyIsVouchedForIsToldOnce() {
    let studio = joined()
    var first = Talker(Self.address(0xc633_6401, 7_000))
    var second = Talker(Self.address(0xc633_6402, 7_000))
    #expect(first.speak(studio, packets: 10) == 7)
    #expect(studio.events.isEmpty)
    #expect(second.speak(studio, packets: 100) == 0)
    #expect(studio.events == [.contested(studio.caller)])
    #expect(first.speak(studio, packets: 10) == 10)
    // What its signalling vouches for displaces both.
    var phone = Talker(Self.address(0x0a00_0099, 61_000))
    #expect(phone.speak(studio, packets: 10) == 7)
    #expect(first.speak(studio, packets: 10) == 0)
    #expect(studio.events == [.contested(studio.caller)])
  }

  @Test func theSettingOpensTheDoorForAnybodyOrForNobody() {
    let expected: [(Settings.RTPLock, known: SocketAddress?, stranger: Int, host: Int)] = [
      (.once, nil, 0, 17), (.any, nil, 17, 17), (.off, nil, 0, 0),
      (.once, Studio.callerAddress, 0, 17), (.any, Studio.callerAddress, 17, 17),
      (.off, Studio.signalling, 0, 0),
    ]
    for (lock, signalling, stranger, host) in expected {
      let studio = joined()
      studio.describe(studio.caller, Studio.callerAddress, [.init(0, .pcmu)]) {
        ($0.sender.lock, $0.sender.signalling) = (lock, signalling)
      }
      var other = Talker(Self.address(0xc633_6401, 7_000))
      #expect(other.speak(studio, packets: 20) == stranger, "\(lock)")
      var neighbour = Talker(Self.address(0x0a00_0001, 4_444))
      #expect(neighbour.speak(studio, packets: 20) == host, "\(lock)")
      var caller = Talker(Studio.callerAddress)
      #expect(caller.speak(studio, packets: 20) == 20)
    }
  }

  // Loss, doubles and a late packet do not make a source another one.
  @Test func aPhoneBehindANATIsFoundThoughPacketsAreLostOrDoubled() {
    let studio = joined()
    var passed = 0
    let numbers: [UInt16] = [1, 1, 4, 3, 9, 9, 10, 11, 12]
    for sequence in numbers {
      let seen = studio.send(
        slot: 0, from: Self.address(0x0a00_0099, 61_000), sequence: sequence, timestamp: 1,
        payload: [1])
      if seen != nil { passed += 1 }
      studio.now = studio.now + .milliseconds(20)
    }
    #expect(passed == 3)
  }

  // The sprayers take every place where candidates are watched: one that is vouched for needs none of theirs.
  @Test func manyStrangersDoNotKeepAPhoneFromBeingFound() {
    let studio = joined()
    var sprayers = (0..<20).map { Talker(Self.address(0xc633_6400 + UInt64($0), 7_000)) }
    var phone = Talker(Self.address(0x0a00_0099, 61_000))
    var passed = 0
    for _ in 0..<10 {
      for index in sprayers.indices { #expect(sprayers[index].say(studio) == nil) }
      if phone.say(studio) != nil { passed += 1 }
      studio.now = studio.now + .milliseconds(20)
    }
    #expect(passed == 7)
  }

  // Keys are taken from whoever is believed, and from nobody else.
  @Test func aKeyOfWhoeverWasDisplacedIsNoKey() {
    let studio = joined()
    let stranger = Self.address(0xc633_6401, 7_000)
    func press(_ from: SocketAddress, _ key: UInt8, _ sequence: UInt16) {
      _ = studio.send(
        slot: 0, from: from, type: 101, sequence: sequence, timestamp: UInt32(sequence) * 160,
        source: UInt32(truncatingIfNeeded: from.low), payload: [key, 0x8a, 0, 160])
    }
    var other = Talker(stranger)
    _ = other.speak(studio, packets: 10)
    press(stranger, 1, 200)
    press(Studio.callerAddress, 2, 10)
    press(stranger, 3, 201)
    press(Studio.callerAddress, 4, 11)
    #expect(studio.events == [1, 2, 4].map { .digit(studio.caller, 48 + $0) })
  }

  // What another sender reported says nothing about the one that is heard now.
  @Test func reportsOfWhoeverWasBelievedBeforeAreForgotten() throws {
    let studio = joined()
    var stranger = Talker(Self.address(0xc633_6401, 7_000), source: 77)
    _ = stranger.speak(studio, packets: 10)
    func report(from: SocketAddress) {
      let octets: [UInt8] = [0x80, 200, 0, 6, 0, 0, 0, 77] + Array(repeating: 9, count: 20)
      _ = octets.withUnsafeBytes {
        studio.engine.receiveControl(slot: 0, from: from, packet: $0, at: studio.now)
      }
    }
    report(from: Self.address(0xc633_6401, 7_001))
    #expect(try #require(studio.engine.streams[0]).incoming.hasReport)
    var caller = Talker(Studio.callerAddress, source: 77)
    #expect(caller.say(studio) != nil)
    #expect(try #require(studio.engine.streams[0]).incoming.hasReport == false)
    report(from: Self.address(0xc633_6401, 7_001))
    #expect(try #require(studio.engine.streams[0]).incoming.hasReport == false)
    // It moves its port: what its old one reports is not taken for two seconds.
    studio.describe(studio.caller, Self.address(0x0a00_0001, 4_002), [.init(0, .pcmu)])
    caller.address.port = 4_002
    #expect(caller.say(studio) != nil)
    report(from: Self.address(0x0a00_0001, 4_001))
    #expect(try #require(studio.engine.streams[0]).incoming.hasReport == false)
    report(from: Self.address(0x0a00_0001, 4_003))
    #expect(try #require(studio.engine.streams[0]).incoming.hasReport)
  }
}
