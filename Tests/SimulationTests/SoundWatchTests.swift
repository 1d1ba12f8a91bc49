import RCMLAgent
import RCMLBasics
import RCMLDial
import RCMLMedia
import Testing

@testable import Simulator

/// I-M1 … I-M5 fed by hand: what belongs there passes, and each kind of lie is named.
struct SoundWatchTests {
  let watch = Watch()
  /// Caller and called party.
  let voices: [Voice]
  static let beginning = Instant(nanoseconds: 1_000_000_000)

  init() {
    watch.now = SoundWatchTests.beginning
    watch.sound = WatchedSound(SoundScenario())
    voices = ["service", "callee0"].enumerated().map { place, callID in
      let address = SocketAddress(ipv4: 0x0a00_0101 + UInt32(place) << 8, port: 20_000)
      return Voice(
        number: place, phone: place, callID: Array(callID.utf8), call: 0, fork: 0,
        script: VoiceScript(), named: address, dice: Dice(1))
    }
    watch.soundVoice = { [voices] address in voices.first { $0.named == address } }
    watch.delivered(message("INVITE sip:s@h SIP/2.0", 0, "1 INVITE", "10.0.1.1"), isStream: false)
    watch.sent(message("INVITE sip:callee0@h SIP/2.0", 1, "1 INVITE", "10.0.0.1"), isStream: false)
    watch.delivered(message("SIP/2.0 200 OK", 1, "1 INVITE", "10.0.2.1"), isStream: false)
    watch.sent(message("ACK sip:callee0@h SIP/2.0", 1, "1 ACK", nil), isStream: false)
  }

  func message(_ start: String, _ party: Int, _ cseq: String, _ host: String?) -> SipText {
    let name = party == 0 ? "service" : "callee0"
    let isReply = start.hasPrefix("SIP") || cseq.hasSuffix("ACK") || cseq.hasSuffix("BYE")
    let body =
      host.map {
        "v=0\r\no=\(name) 1 1 IN IP4 \($0)\r\nc=IN IP4 \($0)\r\nm=audio 20000 RTP/AVP 0 101\r\n"
          + "a=rtpmap:101 telephone-event/8000\r\n"
      } ?? ""
    return SipText(
      Array(
        ("\(start)\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK\(name)\r\nFrom: <sip:caller0@h>;tag=f\r\n"
          + "To: <sip:\(name)@h>\(isReply ? ";tag=t" : "")\r\nCall-ID: \(name)\r\nCSeq: \(cseq)\r\n"
          + "X-RCML-CallSid: CA\(name)\r\nX-RCML-ParentCallSid: p\r\n"
          + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8))!
  }

  // U-67
  @Test func anotherBehindTheSameNATWhoIsBelievedTooIsNoticed() {
    answerCaller()
    watch.judgedNeighbour(of: voices[0], isTaken: false)
    #expect(watch.violation == nil)
    watch.judgedNeighbour(of: voices[0], isTaken: true)
    #expect(watch.violation?.invariant == .believed)
  }

  // U-67
  @Test(arguments: [(500, Violation.Invariant.believed), (2_100, nil)])
  func anOldPortThatIsBelievedBeforeTwoSecondsIsNoticed(
    after: Int, verdict: Violation.Invariant?
  ) throws {
    answerCaller()
    let index = try #require(watch.partyIndex(voices[0]))
    var old = voices[0].named
    old.port += 2
    watch.sound?.parties[index].place = WatchedSound.Place(
      address: voices[0].named, since: watch.now, former: old)
    watch.now = watch.now + .milliseconds(after)
    watch.judged(voices[0], from: old, isStrange: false)
    #expect(watch.violation?.invariant == verdict)
  }

  func answerCaller() {
    watch.sent(message("SIP/2.0 200 OK", 0, "1 INVITE", "10.0.0.1"), isStream: false)
  }

  func octets(_ payload: [UInt8], type: UInt8 = 0, sequence: UInt16 = 1) -> [UInt8] {
    let header = RTPHeader(
      payloadType: type, marker: false, sequence: sequence, timestamp: 0, source: 5)
    var octets = [UInt8](repeating: 0, count: 12) + payload
    octets.withUnsafeMutableBytes { _ = header.write(to: $0) }
    return octets
  }

  func send(_ payload: [UInt8], to party: Int, type: UInt8 = 0, from speaker: Int? = nil) {
    let packet = VirtualMedia.Packet(
      port: 20_000, to: voices[party].named, isControl: false, octets: octets(payload, type: type))
    watch.sent(
      packet, to: voices[party], at: voices[party].named, isNamed: true,
      from: speaker.map { voices[$0] })
  }

  var silence: [UInt8] { Array(repeating: 0xff, count: 160) }

  @Test func twoPartiesWhoHearEachOtherAreInOrder() {
    answerCaller()
    send(silence, to: 0, from: 1)
    send(silence, to: 1, from: 0)
    send(silence, to: 0)
    #expect(watch.violation == nil, "\(String(describing: watch.violation))")
  }

  // V-20
  @Test(arguments: [
    ("private", true), ("no-store", true), ("max-age=60", false), ("no-cache", false),
  ])
  func whatWasForAnotherCallIsHeardByNobodyElse(control: String, isOwn: Bool) {
    answerCaller()
    let fields = [HeaderLine("cache-control", Array(control.utf8))]
    watch.kept(SoundID(1), fields)
    watch.plays(MediaID(1), [SoundID(1)])
    watch.made(MediaID(1), to: voices[0])
    watch.made(MediaID(1), to: voices[1])
    #expect(watch.violation == nil)
    // The same one, heard by a call before.
    let isNoted = watch.sound?.ownSounds[SoundID(1)] != nil
    if isNoted { watch.sound?.ownSounds[SoundID(1)] = .some(7) }
    watch.made(MediaID(1), to: voices[0])
    #expect((watch.violation?.invariant == .ownSounds) == isOwn)
  }

  @Test func aCallerWithoutAnAnswerHearsNothing() {
    send(silence, to: 0)
    #expect(watch.violation?.invariant == .ringing)
  }

  @Test func nothingIsSentAfterABye() {
    watch.sent(message("BYE sip:callee0@h SIP/2.0", 1, "2 BYE", nil), isStream: false)
    send(silence, to: 1)
    #expect(watch.violation?.invariant == .onlyToThem)
  }

  @Test func nothingIsSentToACallerAfterOurBye() {
    answerCaller()
    let bye = message("BYE sip:caller0@h SIP/2.0", 0, "2 BYE", nil)
    // Ours: from the tag that our answer had.
    let text = String(decoding: bye.bytes, as: UTF8.self)
      .replacing(";tag=f", with: ";tag=x").replacing(";tag=t", with: ";tag=f")
      .replacing(";tag=x", with: ";tag=t")
    watch.sent(SipText(Array(text.utf8))!, isStream: false)
    send(silence, to: 0)
    #expect(watch.violation?.invariant == .onlyToThem)
  }

  /// The word of a party that holds stands, though its first INVITE comes once more (seed 7020066).
  @Test func aLateCopyOfTheFirstINVITESaysNothingNew() {
    answerCaller()
    let invite = message("INVITE sip:s@h SIP/2.0", 0, "2 INVITE", "10.0.1.1")
    let text = String(decoding: invite.bytes, as: UTF8.self)
      .replacing("To: <sip:service@h>", with: "To: <sip:service@h>;tag=t")
      .replacing("branch=z9hG4bK", with: "branch=z9hG4bKhold")
      .replacing("\r\nm=audio", with: "\r\na=recvonly\r\nm=audio")
    let hold = SipText(Array(text.utf8))!
    watch.delivered(hold, isStream: false)
    let answer = text.replacing("INVITE sip:s@h SIP/2.0", with: "SIP/2.0 200 OK")
    watch.sent(SipText(Array(answer.utf8))!, isStream: false)
    #expect(!watch.maySpeak(voices[0]))
    watch.delivered(message("INVITE sip:s@h SIP/2.0", 0, "1 INVITE", "10.0.1.1"), isStream: false)
    #expect(!watch.maySpeak(voices[0]))
  }

  private func film(at address: SocketAddress, arrivals: Int) {
    voices[0].videoArrivals = arrivals
    voices[0].videoNamed = address
    watch.passedVideo(
      octets([1]), of: voices[1],
      VirtualMedia.Packet(port: 20_000, to: address, isControl: true, octets: octets([1])),
      at: address, to: voices[0])
  }

  /// Video follows its source as sound does, and nobody else (seeds 7032073, 7046237).
  @Test(arguments: [0, 3]) func videoToWhereNobodyFilmsIsNoticed(arrivals: Int) {
    answerCaller()
    film(at: SocketAddress(ipv4: 0x0a00_0101, port: 40_016), arrivals: arrivals)
    #expect(watch.violation?.invariant == .onlyToThem)
  }

  @Test func videoToWhereFourPacketsCameFromIsInOrder() {
    answerCaller()
    film(at: SocketAddress(ipv4: 0x0a00_0101, port: 40_016), arrivals: 4)
    #expect(watch.violation == nil, "\(String(describing: watch.violation))")
  }

  @Test func nothingIsSentWhereNobodyAskedForIt() {
    let packet = VirtualMedia.Packet(
      port: 20_000, to: voices[1].named, isControl: false, octets: octets(silence))
    var elsewhere = voices[1].named
    elsewhere.port = 30_000
    watch.sent(packet, to: voices[1], at: elsewhere, isNamed: false, from: nil)
    #expect(watch.violation?.invariant == .onlyToThem)
  }

  @Test func aTypeThatWasNotNamedIsNotSent() {
    send(silence, to: 1, type: 9)
    #expect(watch.violation?.invariant == .exactAudio)
  }

  @Test func promptsAreHeardByThoseTheyAreFor() {
    answerCaller()
    let asked = PromptCode.samples(4, milliseconds: 20).map { G711.encode($0, .mu) }
    send(asked, to: 1)
    #expect(watch.violation == nil)
    send(asked, to: 0)
    #expect(watch.violation?.invariant == .oneWinner)
  }

  @Test func oneOctetMoreOrLessIsNoticed() {
    answerCaller()
    watch.delivered(message("ACK sip:s@h SIP/2.0", 0, "1 ACK", nil), isStream: false)
    let forward = VirtualMedia.Packet(
      port: 20_000, to: voices[1].named, isControl: false, octets: octets(silence + [1]))
    watch.arrived(
      octets(silence), of: voices[0], isTaken: true, forward: forward, press: nil)
    #expect(watch.violation?.invariant == .exactAudio)
  }

  @Test func aKeyThatNobodyIsToldOfIsMissed() {
    answerCaller()
    watch.beginKeys(
      voices[0], octets([5, 10, 0, 160], type: 101), isTaken: true, press: 7)
    watch.endKeys()
    #expect(watch.violation?.invariant == .keys)
  }

  @Test func aKeyThatIsToldForEachPacketIsOneTooMany() {
    answerCaller()
    for _ in 0..<2 {
      watch.beginKeys(voices[0], octets([5, 10, 0, 160], type: 101), isTaken: true, press: 7)
      watch.toldKey(CallNumber(1), .caller, UInt8(ascii: "5"))
      watch.endKeys()
    }
    #expect(watch.violation?.invariant == .keys)
  }

  @Test func aFileThatIsNoWAVIsNoticed() {
    watch.wrote("/recordings/RE.wav", WAVHeader.make(channels: 1, dataOctets: 0))
    #expect(watch.violation == nil)
    watch.wrote("/recordings/RE.wav", WAVHeader.make(channels: 1, dataOctets: 4))
    #expect(watch.violation?.invariant == .recordings)
  }

  @Test func aRecordingOfTheWrongLengthIsNoticed() {
    let recording = VirtualMedia.Recording(
      path: "/recordings/RE.wav", plan: RecordingPlan(left: MediaID(1)),
      startedAt: SoundWatchTests.beginning)
    watch.now = watch.now + .seconds(1)
    let result = RecordingResult(reason: .stopped, milliseconds: 1_000, isEmpty: false)
    let file = WAVHeader.make(channels: 1, dataOctets: 15_000) + Array(repeating: 0, count: 15_000)
    watch.recorded(recording, result, file: file)
    #expect(watch.violation?.invariant == .recordings)
  }

  /// A mixed recording of one second: at 600 ms voice 0 said something while voice 1 did, too.
  private func mixed(leaving missing: Int? = nil, late: Int = 0) -> Violation? {
    let (rate, at) = (8, 600)
    var samples = [Int](repeating: 0, count: 1_000 * rate)
    var plan = RecordingPlan(left: MediaID(1))
    plan.right = MediaID(2)
    let recording = VirtualMedia.Recording(
      path: "/recordings/RE.wav", plan: plan, startedAt: SoundWatchTests.beginning)
    watch.now = SoundWatchTests.beginning + .milliseconds(at)
    for (place, voice) in voices.enumerated() {
      _ = voice.learn(
        VoiceDescription(message("INVITE sip:s@h SIP/2.0", place, "1 INVITE", "10.0.0.1"))!)
      guard let packet = voice.speak(at: watch.now) else { continue }
      watch.noteForRecordings(
        packet, voice, MediaID(UInt64(place + 1)), [RecordingID(1): recording])
      guard place != missing else { continue }
      for (offset, octet) in packet[12...].enumerated() {
        samples[(at - 20 + late) * rate + offset] += Int(G711.decode(octet, .mu))
      }
    }
    var file = WAVHeader.make(channels: 1, dataOctets: UInt64(samples.count * 2))
    for sample in samples.map({ Int16(clamping: $0) }) {
      file += [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)]
    }
    watch.now = SoundWatchTests.beginning + .seconds(1)
    watch.recorded(
      recording, RecordingResult(reason: .stopped, milliseconds: 1_000, isEmpty: false), file: file)
    return watch.violation
  }

  @Test func aMixedRecordingHoldsBoth() { #expect(mixed() == nil) }

  @Test(arguments: [0, 1]) func aMixedRecordingWithoutOneOfThemIsNoticed(missing: Int) {
    #expect(mixed(leaving: missing)?.invariant == .recordings)
  }

  @Test func aMixedRecordingThatIsLateIsNoticed() {
    #expect(mixed(late: 100)?.invariant == .recordings)
  }

  // MARK: video

  private func film(
    _ direction: String = "sendrecv", port: Int = 40_000, to toPort: UInt16 = 40_000,
    changed: Bool = false,
    isControl: Bool = false
  ) -> Violation? {
    answerCaller()
    let text = String(
      decoding: message("SIP/2.0 200 OK", 1, "1 INVITE", "10.0.2.1").bytes, as: UTF8.self)
    let video = "m=video \(port) RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\na=\(direction)\r\n"
    let parts = text.components(of: "\r\n\r\n")
    let body = parts[1] + video
    let head = parts[0].replacingLength(with: body.utf8.count).replacingBranch(with: "again")
    watch.delivered(SipText(Array((head + "\r\n\r\n" + body).utf8))!, isStream: false)
    var octets = self.octets(Array(repeating: 7, count: 100), type: 97)
    var address = voices[1].named
    address.port = toPort
    var to = address
    if isControl {
      octets = voices[0].feedback()
      to.port += 1
    }
    let sent = octets
    if changed { octets[octets.count - 1] ^= 1 }
    watch.passedVideo(
      sent, of: voices[0],
      VirtualMedia.Packet(port: 20_004, to: to, isControl: isControl, octets: octets),
      at: address, to: voices[1])
    return watch.violation
  }

  @Test func videoThatWasAgreedOnPasses() {
    #expect(film() == nil)
    #expect(watch.sound?.pictures == 1)
  }

  @Test func aReportOfVideoPasses() { #expect(film(isControl: true) == nil) }

  @Test func videoThatIsChangedIsNoticed() {
    #expect(film(changed: true)?.invariant == .exactAudio)
  }

  @Test func aReportThatIsChangedIsNoticed() {
    #expect(film(changed: true, isControl: true)?.invariant == .exactAudio)
  }

  @Test(arguments: [
    ("inactive", 40_000), ("sendonly", 40_000), ("sendrecv", 40_002), ("sendrecv", 0),
  ])
  func videoThatNobodyAskedForIsNoticed(direction: String, port: Int) {
    #expect(film(direction, port: port)?.invariant == .onlyToThem)
  }

  @Test func videoThatGoesToNobodyIsNoticed() {
    answerCaller()
    let octets = self.octets([1], type: 97)
    watch.passedVideo(
      octets, of: voices[0],
      VirtualMedia.Packet(port: 1, to: voices[1].named, isControl: false, octets: octets),
      at: voices[1].named, to: nil)
    #expect(watch.violation?.invariant == .onlyToThem)
  }
}

extension String {
  fileprivate func components(of mark: String) -> [String] {
    guard let range = ranges(of: mark).first else { return [self, ""] }
    return [String(self[..<range.lowerBound]), String(self[range.upperBound...])]
  }

  private func replacingLine(_ start: String, with line: String) -> String {
    split(separator: "\r\n").map { $0.hasPrefix(start) ? line : String($0) }.joined(
      separator: "\r\n")
  }

  fileprivate func replacingLength(with count: Int) -> String {
    replacingLine("Content-Length:", with: "Content-Length: \(count)")
  }

  fileprivate func replacingBranch(with branch: String) -> String {
    replacingLine("Via:", with: "Via: SIP/2.0/UDP h;branch=z9hG4bK\(branch)")
  }
}
