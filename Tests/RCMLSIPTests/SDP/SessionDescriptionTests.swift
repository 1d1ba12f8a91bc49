import RCMLBasics
import Testing

@testable import RCMLSIP

/// Session descriptions: what is believed, what is refused, and the edits (failures P7; RFC 3264, RFC 4566).
struct SessionDescriptionTests {
  static let head = ["v=0", "o=- 1 2 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"]
  static let audio = ["m=audio 40022 RTP/AVP 0 8 101", "a=rtpmap:101 telephone-event/8000"]
  static let here = SocketAddress(ipv4: 0xc000_0205, port: 0)

  static func body(_ lines: [String]) -> [UInt8] {
    Array(lines.map { $0 + "\r\n" }.joined().utf8)
  }

  private struct Unreadable: Error {}

  /// As it is told to another dialog; `directions` nil = as they are.
  private static func relayed(
    _ lines: [String], _ directions: SDPDirections?, version: UInt64 = 1
  ) throws -> [UInt8] {
    guard let source = SessionDescription(reading: body(lines)) else { throw Unreadable() }
    return SDPDraft.relaying(
      source, to: .offer(after: nil), directions ?? source.directions
    ).written(by: SDPOrigin(sessionID: 7, address: here), version: version)
  }

  private static func inactiveAnswer(to offer: [UInt8]) throws -> [UInt8] {
    guard let offer = SessionDescription(reading: offer) else { throw Unreadable() }
    return SDPDraft.inactiveAnswer(to: offer, address: here).written(
      by: SDPOrigin(sessionID: 1, address: here), version: 1)
  }

  private func audio(_ lines: [String]) -> AudioDescription? {
    SessionDescription.check(SessionDescriptionTests.body(lines)).usableAudio
  }

  @Test func anOrdinaryOfferSaysWhereAudioGoes() throws {
    let found = try #require(audio(Self.head + Self.audio))
    #expect(found.port == 40_022 && found.payloads == [0, 8, 101] && found.telephoneEvent == 101)
    #expect(found.address == SocketAddress(ipv4: 0xc000_0201, port: 40_022))
    #expect(found.direction == .sendrecv && !found.isHold && found.profile.text == "RTP/AVP")
  }

  @Test func theConnectionOfTheStreamWins() {
    let found = audio(
      Self.head + ["m=video 5 RTP/AVP 31", "c=IN IP4 192.0.2.8"] + [
        Self.audio[0], "c=IN IP6 2001:db8::1", Self.audio[1],
      ])
    #expect(found?.address?.addressText.text == "2001:db8::1" && found?.index == 1)
  }

  @Test func holdIsSeenInBothForms() {
    #expect(audio(Self.head + Self.audio + ["a=sendonly"])?.isHold == true)
    #expect(audio(Self.head + Self.audio + ["a=inactive"])?.isHold == true)
    #expect(audio(Self.head + Self.audio + ["a=recvonly"])?.isHold == false)
    #expect(audio(Self.head + ["a=inactive"] + Self.audio + ["a=sendrecv"])?.isHold == false)
    #expect(audio(Self.head + ["a=inactive"] + Self.audio)?.isHold == true)
    #expect(audio(Self.head + [Self.audio[0], "c=IN IP4 0.0.0.0"])?.isHold == true)
  }

  @Test func aRefusedStreamIsNotUsable() {
    #expect(audio(Self.head + ["m=audio 0 RTP/AVP 0"]) == nil)
    #expect(audio(Self.head + ["m=image 4000 udptl t38"]) == nil)
    #expect(audio(Self.head + ["m=audio 0 RTP/AVP 0", "m=audio 7 RTP/AVP 8"])?.index == 1)
  }

  static let hostile: [(String, [String])] = [
    ("no version", Array(head.dropFirst()) + audio),
    ("version 1", ["v=1"] + head.dropFirst() + audio),
    ("no origin", ["v=0", "s=-", "t=0 0"] + audio),
    ("not SDP", ["<audio>", "</audio>"]),
    ("blank before the equals sign", head + ["m =audio 1 RTP/AVP 0"]),
    ("no equals sign", head + ["maudio"]),
    ("seventeen streams", head + Array(repeating: "m=audio 9 RTP/AVP 0", count: 17)),
    ("65 payload types", head + ["m=audio 9 RTP/AVP" + String(repeating: " 0", count: 65)]),
    ("payload type 128", head + ["m=audio 9 RTP/AVP 128"]),
    ("payload type of letters", head + ["m=audio 9 RTP/AVP pcmu"]),
    ("port 65536", head + ["m=audio 65536 RTP/AVP 0"]),
    ("negative port", head + ["m=audio -1 RTP/AVP 0"]),
    ("no format", head + ["m=audio 9 RTP/AVP"]),
    ("empty media", head + ["m="]),
    ("connection without address", head + ["m=audio 9 RTP/AVP 0", "c=IN IP4"]),
    ("connection of another network", head + ["c=ATM X 1.2.3.4"] + audio),
    ("control octet", head + ["m=audio 9 RTP/AVP 0", "a=\u{1}x"]),
    ("NUL", head + ["m=audio 9 RTP/AVP 0", "a=x\0y"]),
    ("longer than 8 KiB", head + audio + ["a=" + String(repeating: "x", count: 8_192)]),
    ("bare CR", head + ["m=audio 9 RTP/AVP 0\ra=x"]),
    ("an empty line inside", head + ["", "m=audio 9 RTP/AVP 0"]),
  ]

  @Test(arguments: hostile.map(\.0))
  func aHostileDescriptionIsRefused(name: String) {
    let lines = Self.hostile.first { $0.0 == name }?.1 ?? []
    guard case .unusable = SessionDescription.check(Self.body(lines)) else {
      Issue.record("\(name) was taken")
      return
    }
    #expect(SessionDescription(reading: Self.body(lines)) == nil)
  }

  @Test func oddButLegalDescriptionsAreTaken() {
    for lines in [
      Self.head + Self.audio + [
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x", "a=ptime:0", "a=ptime:999999",
      ],
      Self.head + ["m=audio 9 RTP/AVP 0 0 0 8 8", "a=rtpmap:0 PCMU/8000", "a=rtpmap:0 PCMU/8000"],
      Self.head + ["m=audio 4000/2 RTP/AVP 0"],
      ["v=0", "o=- 1 2 IN IP4 host.example.com", "s=", "c=IN IP4 host.example.com", "t=0 0"]
        + Self.audio,
    ] {
      #expect(audio(lines) != nil, "\(lines)")
    }
    let bareLF = (Self.head + Self.audio).joined(separator: "\n")
    #expect(SessionDescription.check(Array(bareLF.utf8)).usableAudio?.port == 40_022)
  }

  @Test func anOriginIsReplacedAndNothingElse() throws {
    let lines = Self.head + Self.audio + ["a=x-odd:o=1"]
    let edited = try Self.relayed(lines, nil, version: 9)
    var wanted = lines
    wanted[1] = "o=- 7 9 IN IP4 192.0.2.5"
    #expect(edited == Self.body(wanted))
  }

  @Test func holdIsTakenOut() throws {
    let free = Self.head + [Self.audio[0], "c=IN IP4 0.0.0.0", Self.audio[1]]
    let lines = free + ["a=sendonly", "a=x", "a=recvonly"]
    #expect(try Self.relayed(lines, .all) == Self.relayed(free + ["a=x", "a=sendrecv"], nil))
    // What all streams have in common stands against it at the stream.
    let common = Self.head + ["a=inactive"] + Self.audio
    #expect(try Self.relayed(common, .all) == Self.relayed(common + ["a=sendrecv"], nil))
  }

  /// RFC 3264 §6: as many streams, in the same order, the refused ones with port 0, payload types of the offer.
  @Test func anInactiveAnswerAnswersEveryStream() throws {
    let offer =
      Self.head + [
        "m=video 50000 RTP/AVP 31", "m=audio 40020 RTP/SAVP 9 8 101 0",
        "m=audio 40022 RTP/AVPF 9 8 101 0", "a=rtpmap:9 G722/8000",
      ]
      + ["a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "m=image 4000 udptl t38"]
    let answer = try Self.inactiveAnswer(to: Self.body(offer))
    let lines = answer.text.split(separator: "\r\n").map(String.init)
    #expect(
      lines.filter { $0.hasPrefix("m=") } == [
        "m=video 0 RTP/AVP 31", "m=audio 0 RTP/SAVP 9", "m=audio 9 RTP/AVPF 8 101",
        "m=image 0 udptl t38",
      ])
    let found = try #require(SessionDescription.check(answer).usableAudio)
    #expect(found.direction == .inactive && found.telephoneEvent == 101 && found.mediaCount == 4)
    #expect(lines.contains("a=fmtp:101 0-15"))
  }

  @Test func anInactiveOfferIsAnOffer() throws {
    for address in [Self.here, SocketAddress(ipv6High: 0x2001_0db8_0000_0000, low: 1, port: 0)] {
      let offer = SDPDraft.inactiveOffer(after: nil, address: address).written(
        by: SDPOrigin(sessionID: 1, address: address), version: 1)
      let found = try #require(SessionDescription.check(offer).usableAudio)
      #expect(found.payloads == [0, 8, 101] && found.direction == .inactive && found.port == 9)
      let answer = try Self.inactiveAnswer(to: offer)
      #expect(SessionDescription.check(answer).usableAudio?.payloads == [0, 101])
    }
  }

  @Test func noOctetOfADescriptionEndsTheProgram() throws {
    var bytes = Self.body(Self.head + Self.audio + ["a=sendonly"])
    for position in bytes.indices {
      let original = bytes[position]
      for value in MutationTests.values where value != original {
        bytes[position] = value
        _ = SessionDescription.check(bytes)
        guard let read = SessionDescription(reading: bytes) else { continue }
        let places: [SDPPlaces] = [.offer(after: nil), .offer(after: read), .answer(to: read)]
        for place in places {
          let draft = SDPDraft.relaying(read, to: place, .all)
          let written = draft.written(
            by: SDPOrigin(sessionID: 1, address: Self.here), version: 1)
          #expect(!written.contains(0))
          #expect(draft.says(sameAs: SessionDescription(written: written)))
        }
        #expect(try !Self.inactiveAnswer(to: bytes).contains(0))
      }
      bytes[position] = original
    }
  }
}
