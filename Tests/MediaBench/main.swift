import Glibc
import RCMLBasics
import RCMLMedia

// engine                what a packet, a frame, a recorded packet cost: nanoseconds and allocations
// work NAME COUNT       COUNT of one of them and nothing else, for an instruction counter
// names                 what there is to measure
// sentences SEED COUNT  text to be spoken
// talkoff [FILE…]       the keys heard in these sounds and in ten minutes of music; fails if there are any

func cut(_ value: Double) -> String {
  let tenths = Int((value * 10).rounded())
  return "\(tenths / 10).\(tenths % 10)"
}

/// Whether everything was as it should be.
func run(_ arguments: [String]) -> Bool {
  switch (arguments.first, arguments.count) {
  case ("engine", 1):
    for measurement in Measurement.allCases {
      let cost = measured(measurement, count: 200_000)
      print(
        "\(measurement.rawValue)\t\(cut(cost.nanoseconds)) ns\t"
          + "\(cut(cost.allocations * 1_000)) allocations in 1,000\t\(measurement.unit)")
    }
    return measured(.relay, count: 200_000).allocations == 0
  case ("names", 1):
    for measurement in Measurement.allCases { print(measurement.rawValue) }
    return true
  case ("work", 3):
    guard let measurement = Measurement(rawValue: arguments[1]), let count = Int(arguments[2])
    else { return false }
    let hall = measurement.hall
    if !hall.secrets.isEmpty { hall.prepare(count) }
    print(measurement.work(count, in: hall))
    return true
  case ("sentences", 3):
    guard let seed = UInt64(arguments[1]), let count = Int(arguments[2]) else { return false }
    var sentences = Sentences(seed: seed)
    for _ in 0..<count { print(sentences.next()) }
    return true
  case ("talkoff", _):
    guard arguments.count > 1, let seed = UInt64(arguments[1]) else { return false }
    return talkOff(arguments.dropFirst(2), seed: seed)
  default:
    return false
  }
}

/// `seed`: of the music.
func talkOff(_ files: ArraySlice<String>, seed: UInt64) -> Bool {
  let listener = TalkOff()
  for path in files {
    guard let octets = TalkOff.file(path), case .success(let samples) = SoundFile.read(octets)
    else {
      print("\(path) cannot be read")
      return false
    }
    listener.hear(samples)
  }
  let spoken = (seconds: listener.seconds, keys: listener.keys)
  listener.hear(TalkOff.music(seconds: 600, seed: seed))
  let stars = listener.keys.count { $0 == UInt8(ascii: "*") }
  print("speech: \(spoken.seconds) s, \(spoken.keys.count) keys heard")
  print(
    "music: \(listener.seconds - spoken.seconds) s, \(listener.keys.count - spoken.keys.count) keys heard"
  )
  print("stars: \(stars); keys: \(String(decoding: listener.keys, as: UTF8.self))")
  return stars == 0
}

guard run(Array(CommandLine.arguments.dropFirst())) else { exit(1) }
