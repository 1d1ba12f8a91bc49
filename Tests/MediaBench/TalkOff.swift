import Glibc
import RCMLBasics
import RCMLMedia

/// How often speech and music are mistaken for keys (failures H4).
final class TalkOff {
  private let hall = Hall(calls: 1, hearsKeys: true)
  private var packets = 0
  private(set) var keys: [UInt8] = []
  var seconds: Int { packets / 50 }

  /// At the level it has, and at that of a loud speaker.
  func hear(_ samples: [Int16]) {
    let peak = samples.lazy.map { Int($0.magnitude) }.max() ?? 0
    guard peak > 0 else { return }
    var packet = [UInt8](repeating: 0, count: 172)
    for start in stride(from: 0, through: samples.count - 160, by: 160) {
      let header = RTPHeader(
        payloadType: 0, marker: false, sequence: UInt16(truncatingIfNeeded: packets),
        timestamp: UInt32(truncatingIfNeeded: packets * 160), source: 9)
      packet.withUnsafeMutableBytes { room in
        _ = header.write(to: room)
        for place in 0..<160 {
          room[12 + place] = G711.encode(
            Int16(clamping: Int(samples[start + place]) * 20_000 / peak), .mu)
        }
        _ = hall.engine.receive(slot: 0, from: hall.address(0), packet: room, at: hall.now)
      }
      packets += 1
      hall.now = hall.now + .milliseconds(20)
      while let output = hall.engine.nextOutput() {
        if case .tell(.digit(_, let key)) = output { keys.append(key) }
      }
    }
  }

  /// Chords of one to four notes with four overtones each, half a second long.
  static func music(seconds: Int, seed: UInt64) -> [Int16] {
    var random = RandomSource(seed: seed)
    var samples: [Int16] = []
    for _ in 0..<seconds * 2 {
      var sum = [Int](repeating: 0, count: 4_000)
      for _ in 0...Int(random.next() % 4) {
        var note = 110.0
        for _ in 0..<random.next() % 36 { note *= 1.059_463_094 }
        for overtone in 1...4 where note * Double(overtone) < 3_800 {
          let tone = Tone.make([note * Double(overtone)], milliseconds: 500)
          for place in 0..<4_000 { sum[place] += Int(tone[place]) / overtone }
        }
      }
      samples += sum.map { Int16(clamping: $0 / 2) }
    }
    return samples
  }

  static func file(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var octets: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&part, 1, part.count, file)
      guard count > 0 else { return octets }
      octets += part[..<count]
    }
  }
}
