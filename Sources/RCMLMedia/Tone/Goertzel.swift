/// How much of one frequency is in some samples (Goertzel's filter).
public enum Goertzel {
  /// The amplitude of a sine of `frequency` Hz in samples at 8 kHz, 0 to 32,768; 0 for no samples.
  public static func amplitude(of frequency: Double, in samples: ArraySlice<Int16>) -> Double {
    guard !samples.isEmpty else { return 0 }
    let step = 2 * Double.pi * frequency / 8_000
    let cosine = Oscillator.sine(step + Double.pi / 2)
    var last = 0.0
    var beforeLast = 0.0
    for sample in samples {
      let value = Double(sample) + 2 * cosine * last - beforeLast
      beforeLast = last
      last = value
    }
    let power = last * last + beforeLast * beforeLast - 2 * cosine * last * beforeLast
    return 2 * max(0, power).squareRoot() / Double(samples.count)
  }
}
