/// Sounds of the telephone: mixtures of sines with soft edges, so that none begins or ends with a click.
public enum Tone {
  /// A quarter of full scale for each of two sines: about -13 dBm0 together, as loud as ringing is.
  static let level = 4_000.0
  /// 5 ms of rising and of falling.
  private static let edge = 40

  public static func make(_ frequencies: [Double], milliseconds: Int) -> [Int16] {
    var oscillators = frequencies.map { Oscillator(frequency: $0, amplitude: level) }
    let count = max(0, milliseconds) * 8
    var samples: [Int16] = []
    samples.reserveCapacity(count)
    for index in 0..<count {
      var sum = 0.0
      for place in oscillators.indices { sum += oscillators[place].next() }
      let gain = min(1, Double(min(index, count - 1 - index)) / Double(edge))
      samples.append(Int16(clamping: Int((sum * gain).rounded())))
    }
    return samples
  }

  public static func silence(milliseconds: Int) -> [Int16] {
    Array(repeating: 0, count: max(0, milliseconds) * 8)
  }

  /// Before a recording starts (spec V-5, `playBeep`).
  public static let beep = make([1_000], milliseconds: 400)

  /// Shortly before the time limit (spec E-6).
  public static let warning = make([1_400], milliseconds: 300)

  /// The key as ITU-T Q.23 sounds it: 100 ms and as much silence. nil: not one of the sixteen keys.
  public static func key(_ key: UInt8) -> [Int16]? {
    guard let place = keys.firstIndex(of: key) else { return nil }
    return make([rows[place / 4], columns[place % 4]], milliseconds: 100)
      + silence(milliseconds: 100)
  }

  static let keys = [UInt8]("123A456B789C*0#D".utf8)
  static let rows = [697.0, 770, 852, 941]
  static let columns = [1_209.0, 1_336, 1_477, 1_633]
}
