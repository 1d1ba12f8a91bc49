import Foundation
import RCMLBasics
import Testing

@testable import RCMLMedia

/// Failures H4, invariant I-M3, spec U-25: presses through a bad network.
@Suite struct DigitTests {
  /// One packet on its way, with the press it is about.
  private struct Sent {
    var press: Int
    var arrival: Int
    var octets: [UInt8]
  }

  private struct Network {
    var loss: UInt64
    var doubled: UInt64 = 5
    /// Milliseconds a packet may be late; more than its neighbours are apart.
    var jitter: UInt64 = 50
  }

  /// How a telephone numbers its presses.
  private enum Phone: CaseIterable {
    /// RFC 4733.
    case right
    /// One timestamp for all of them.
    case standing
    /// Another timestamp in each packet of a press.
    case running
  }

  private func packet(
    _ event: TelephoneEvent, marker: Bool, sequence: UInt16, timestamp: UInt32
  ) -> [UInt8] {
    let header = RTPHeader(
      payloadType: 101, marker: marker, sequence: sequence, timestamp: timestamp, source: 77)
    var octets = [UInt8](repeating: 0, count: 12)
    octets.withUnsafeMutableBytes { _ = header.write(to: $0) }
    return octets + (event.octets ?? [])
  }

  /// The packets of `count` presses of 60 to 120 ms, in the order they arrive.
  private func presses(
    _ count: Int, _ phone: Phone, _ network: Network, _ random: inout RandomSource
  ) -> [Sent] {
    var sent: [Sent] = []
    var time = 1_000
    var sequence: UInt16 = 65_000
    for press in 0..<count {
      let key = Tone.keys[Int(random.next() % 16)]
      let start = UInt32(truncatingIfNeeded: time &* 8)
      let packets = 3 + Int(random.next() % 4)
      for step in 1...packets + 2 {
        let duration = UInt16(min(step, packets) * 160)
        let timestamp: UInt32 =
          switch phone {
          case .right: start
          case .standing: 4_000
          case .running: start &+ UInt32(min(step, packets) * 160)
          }
        let octets = packet(
          TelephoneEvent(key: key, isEnd: step >= packets, duration: duration),
          marker: step == 1, sequence: sequence, timestamp: timestamp)
        for copy in 0..<2 where copy == 0 || random.next() % 100 < network.doubled {
          guard random.next() % 100 >= network.loss else { continue }
          let late = network.jitter == 0 ? 0 : Int(random.next() % network.jitter)
          sent.append(Sent(press: press, arrival: time + late, octets: octets))
        }
        sequence &+= 1
        time += 20
      }
      time += 40 + Int(random.next() % 100)
      sequence &+= 3
    }
    return sent.enumerated().sorted { ($0.1.arrival, $0.0) < ($1.1.arrival, $1.0) }.map(\.1)
  }

  /// How often each press was told, all packets having gone through the engine.
  private func told(_ sent: [Sent], of count: Int) -> [Int] {
    let studio = Studio()
    studio.perform(.join(studio.caller, studio.callee, .init()))
    var told = [Int](repeating: 0, count: count)
    for var one in sent {
      let now = Instant(nanoseconds: UInt64(one.arrival) * 1_000_000)
      one.octets.withUnsafeMutableBytes {
        _ = studio.engine.receive(slot: 0, from: Studio.callerAddress, packet: $0, at: now)
      }
      while let output = studio.engine.nextOutput() {
        if case .tell(.digit(studio.caller, _)) = output { told[one.press] += 1 }
      }
    }
    return told
  }

  @Test(arguments: [0, 1, 5, 20] as [UInt64])
  func aHundredThousandPressesAreNeverCountedTwice(loss: UInt64) {
    let isExhaustive = ProcessInfo.processInfo.environment["RCML_EXHAUSTIVE"] != nil
    let count = isExhaustive || loss == 5 ? 100_000 : 10_000
    var random = RandomSource(seed: 4_733 + loss)
    let told = told(presses(count, .right, Network(loss: loss), &random), of: count)
    let missed = told.count { $0 == 0 }
    print("presses at \(loss) % loss: \(count), missed \(missed), twice \(told.count { $0 > 1 })")
    #expect(told.allSatisfy { $0 <= 1 })
    switch loss {
    case 0, 1: #expect(missed == 0)
    case 5: #expect(missed <= count / 10_000)
    default: #expect(missed <= count / 1_000)
    }
  }

  // U-25: the phone, or something on the way, became another source in the middle of a press.
  @Test func aPressThatGoesOnFromAnotherSourceIsOnePress() {
    var collector = DigitCollector()
    var keys: [UInt8] = []
    for (index, source) in ([7, 7, 8, 8] as [UInt32]).enumerated() {
      let header = RTPHeader(
        payloadType: 101, marker: false, sequence: UInt16(source * 100) + UInt16(index),
        timestamp: 800, source: source)
      let event = TelephoneEvent(key: 53, isEnd: index == 3, duration: UInt16(160 * (index + 1)))
      if let key = collector.take(event, of: header) { keys.append(key) }
    }
    #expect(keys == [53])
  }

  @Test func aPhoneWhoseTimestampStandsStillIsCountedPressByPress() {
    var random = RandomSource(seed: 1)
    let inOrder = Network(loss: 0, doubled: 5, jitter: 0)
    let told = told(presses(2_000, .standing, inOrder, &random), of: 2_000)
    #expect(told.allSatisfy { $0 == 1 })
    // With losses a press may melt into the one before it; none becomes two.
    let lossy = self.told(
      presses(2_000, .standing, Network(loss: 5, jitter: 15), &random), of: 2_000)
    #expect(lossy.allSatisfy { $0 <= 1 })
    #expect(lossy.count { $0 == 0 } <= 20)
  }

  @Test func aPhoneWhoseTimestampRunsDuringAPressIsCountedOnceAPress() {
    var random = RandomSource(seed: 2)
    let told = told(
      presses(2_000, .running, Network(loss: 0, doubled: 5, jitter: 0), &random), of: 2_000)
    #expect(told.allSatisfy { $0 == 1 })
  }

  /// Packets of a press of `seconds`, in segments (RFC 4733 §2.5.1.3).
  private func longPress(
    seconds: Int, sequence: UInt16, timestamp: UInt32, press: Int
  ) -> [Sent] {
    var sent: [Sent] = []
    var start = timestamp
    var elapsed = 0
    for step in 0..<seconds * 50 + 3 {
      let isEnd = step >= seconds * 50
      if !isEnd { elapsed += 160 }
      if elapsed > 0xffff {
        start &+= 0xffff
        elapsed -= 0xffff
      }
      sent.append(
        Sent(
          press: press, arrival: step * 20 + Int(timestamp / 8),
          octets: packet(
            TelephoneEvent(
              key: UInt8(ascii: "5"), isEnd: isEnd, duration: UInt16(clamping: elapsed)),
            marker: step == 0, sequence: sequence &+ UInt16(step), timestamp: start)))
    }
    return sent
  }

  @Test func aKeyHeldForThirtySecondsIsOnePressAndTheNextOneAnother() {
    var random = RandomSource(seed: 3)
    for loss in [0, 5, 20] as [UInt64] {
      let first = longPress(seconds: 30, sequence: 65_000, timestamp: 8_000, press: 0)
      let second = longPress(
        seconds: 1, sequence: 65_000 &+ 1_600, timestamp: 8_000 + 31 * 8_000, press: 1)
      let kept = (first + second).filter { _ in random.next() % 100 >= loss }
      #expect(told(kept, of: 2) == [1, 1])
    }
  }

  @Test func durationsThatWrapOrStandAtTheirLimitAreOnePress() {
    for isWrapping in [true, false] {
      var sent: [Sent] = []
      for step in 1...1_000 {
        let units = step * 160
        let duration = isWrapping ? UInt16(truncatingIfNeeded: units) : UInt16(clamping: units)
        sent.append(
          Sent(
            press: 0, arrival: step * 20,
            octets: packet(
              TelephoneEvent(key: UInt8(ascii: "5"), isEnd: false, duration: duration),
              marker: step == 1, sequence: UInt16(step), timestamp: 8_000)))
      }
      #expect(told(sent, of: 1) == [1])
    }
  }

  // L-34
  @Test func noPacketOfAWithheldKeyIsPassedOnHoweverLateItComes() {
    let studio = Studio()
    studio.perform(.join(studio.caller, studio.callee, .init(withheldKey: UInt8(ascii: "*"))))
    func passes(_ key: UInt8, _ sequence: UInt16, _ timestamp: UInt32) -> Bool {
      studio.send(
        slot: 0, from: Studio.callerAddress, type: 101, sequence: sequence, timestamp: timestamp,
        payload: [key, 0x8a, 3, 0x20]) != nil
    }
    #expect(!passes(10, 1, 800))
    #expect(passes(5, 4, 8_000))
    #expect(!passes(10, 2, 800))
    #expect(!passes(10, 3, 800))
    #expect(passes(5, 5, 8_000))
    #expect(studio.events == [.digit(studio.caller, 42), .digit(studio.caller, 53)])
  }

  // A telephone that begins its numbers anew under the source it had: its next key is no late copy of an older one.
  @Test func aKeyIsToldAfterTheNumbersBeganAnew() {
    let studio = Studio()
    func press(_ key: UInt8, _ sequence: UInt16, _ timestamp: UInt32) {
      _ = studio.send(
        slot: 0, from: Studio.callerAddress, type: 101, sequence: sequence, timestamp: timestamp,
        payload: [key, 0x8a, 3, 0x20])
    }
    press(5, 30_000, 900_000)
    for sequence in 10...11 as ClosedRange<UInt16> {
      _ = studio.send(
        slot: 0, from: Studio.callerAddress, sequence: sequence, timestamp: UInt32(sequence) * 160,
        payload: [1])
    }
    for sequence in 12...14 as ClosedRange<UInt16> { press(6, sequence, 1_920) }
    #expect(studio.events == [.digit(studio.caller, 53), .digit(studio.caller, 54)])
  }
}
