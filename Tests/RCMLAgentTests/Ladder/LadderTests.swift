import RCMLBasics
import RCMLDial
import RCMLDocument
import Testing

@testable import RCMLAgent

private let peer = SocketAddress(ipv4: 0x7f00_0001, port: 5080)

private struct Scene {
  let writer = JournalWriter(product: "x")
  var now = Instant(nanoseconds: 1_000_000_000)
  let call = CallNumber(1)
  let sid = CallSid(high: 0xabc, low: 1)

  mutating func wait(_ milliseconds: Int) { now = now + .milliseconds(milliseconds) }

  func message(_ start: String, _ callID: String, _ sequence: String, sdp: Bool = false) -> [UInt8]
  {
    let type = sdp ? "Content-Type: application/sdp\r\nContent-Length: 4\r\n" : ""
    return Array(
      ("\(start)\r\nCall-ID: \(callID)\r\nCSeq: \(sequence)\r\n\(type)\r\n" + (sdp ? "v=0\n" : ""))
        .utf8)
  }

  mutating func receive(
    _ start: String, _ callID: String, _ sequence: String, sdp: Bool = false
  ) {
    message(start, callID, sequence, sdp: sdp).withUnsafeBytes { bytes in
      writer.input(
        .network(.datagram(ListenerID(1), from: peer, local: peer, bytes: bytes)), at: now)
    }
  }

  mutating func send(_ start: String, _ callID: String, _ sequence: String, sdp: Bool = false) {
    writer.output(
      .network(.send(ListenerID(1), to: peer, bytes: message(start, callID, sequence, sdp: sdp))))
  }

  mutating func status(_ leg: UInt32, _ event: SipNoun.Event, _ status: CallStatus) {
    let status = LegStatus(
      event: event, sid: CallSid(high: 9, low: UInt64(leg)),
      to: "sip:bob\(leg)@127.0.0.1:508\(leg)",
      status: status, instant: now)
    writer.output(.tell(.onCall(call, .legStatus(LegNumber(leg), status))))
  }
}

/// A caller, a document from the web, two parties of whom the second answers.
private func twoPartyJournal() -> [UInt8] {
  var scene = Scene()
  scene.receive("INVITE sip:x@h SIP/2.0", "c", "1 INVITE", sdp: true)
  scene.writer.name(.call(scene.call, sid: scene.sid, callID: Array("c".utf8)))
  scene.send("SIP/2.0 100 Trying", "c", "1 INVITE")
  scene.writer.name(.exchange(scene.call, ExchangeID(1)))
  let exchange = HTTPExchange(
    method: "POST", url: "http://w.example/voice?a=1", headers: [], body: [],
    connectTimeout: .zero, timeout: .zero, bodyLimit: 1, blocksPrivateAddresses: false,
    verifiesTLS: true)
  scene.writer.output(.web(ExchangeID(1), .begin(exchange)))
  scene.wait(50)
  let answer = HTTPAnswer(status: 200, contentType: "text/xml", location: "", body: [])
  scene.writer.input(.web(ExchangeID(1), .answered(answer)), at: scene.now)
  for leg in [0, 1] as [UInt32] {
    scene.writer.name(
      .leg(
        scene.call, LegNumber(leg), sid: CallSid(high: 9, low: UInt64(leg)),
        callID: Array("l\(leg)".utf8)))
    scene.status(leg, .initiated, .initiated)
    scene.send("INVITE sip:bob\(leg)@h SIP/2.0", "l\(leg)", "1 INVITE", sdp: true)
  }
  scene.wait(500)
  scene.writer.input(.timePassed, at: scene.now)
  scene.send("INVITE sip:bob1@h SIP/2.0", "l1", "1 INVITE", sdp: true)
  scene.wait(1000)
  scene.receive("SIP/2.0 200 OK", "l1", "1 INVITE", sdp: true)
  scene.status(1, .answered, .inProgress)
  scene.send("SIP/2.0 200 OK", "c", "1 INVITE", sdp: true)
  scene.writer.output(
    .tell(
      .onCall(
        scene.call,
        .ended(
          CallEnd(
            status: .completed, sipCode: nil, hangupBy: .callee, duration: 3,
            reason: Reason(.calleeHungUp)))))
  )
  return scene.writer.takeOctets()
}

@Test func aLadderShowsWhoSaidWhatToWhom() throws {
  let text = try Ladder.draw(twoPartyJournal())
  let expected = """
    call 1  CA0000000000000abc0000000000000001
              caller             rcml               bob0               bob1               web
       0.000  ├─ INVITE 1 sdp ──▶│                  │                  │                  │
       0.000  │◀─ 100 Trying ────┤                  │                  │                  │
       0.000  │                  ├─ POST …/voice ───┼──────────────────┼─────────────────▶│
       0.050  │                  │◀─ 200 text/xml ──┼──────────────────┼──────────────────┤
       0.050  │                  │ leg 1 initiated  │                  │                  │
       0.050  │                  ├─ INVITE 1 sdp ──▶│                  │                  │
       0.050  │                  │ leg 2 initiated  │                  │                  │
       0.050  │                  ├─ INVITE 1 sdp ───┼─────────────────▶│                  │
       0.550  │                  ├─ INVITE 1 sdp again ───────────────▶│                  │
       1.550  │                  │◀─ 200 OK sdp ────┼──────────────────┤                  │
       1.550  │                  │ leg 2 answered   │                  │                  │
       1.550  │◀─ 200 OK sdp ────┤                  │                  │                  │
              ended: completed, by callee, after 3 s
              hangup 33403: The called party hung up.

    """
  #expect(text == expected)
  for line in text.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
}

@Test func aLadderOfOneCallIsChosenByNumberOrSid() throws {
  let journal = twoPartyJournal()
  let all = try Ladder.draw(journal)
  #expect(try Ladder.draw(journal, call: "1") == all)
  #expect(try Ladder.draw(journal, call: "CA0000000000000abc") == all)
  #expect(throws: JournalError.noSuchCall("2", calls: 1)) {
    _ = try Ladder.draw(journal, call: "2")
  }
}
