/// A sine, sample by sample, without a mathematics library: two multiplications a sample.
struct Oscillator {
  private let factor: Double
  private var last: Double
  private var beforeLast: Double

  /// `frequency` in Hz, below 4,000; the wave starts at zero and rises.
  init(frequency: Double, amplitude: Double) {
    let step = 2 * Double.pi * frequency / 8_000
    factor = 2 * Oscillator.sine(step + Double.pi / 2)
    last = -amplitude * Oscillator.sine(step)
    beforeLast = -amplitude * Oscillator.sine(2 * step)
  }

  mutating func next() -> Double {
    let value = factor * last - beforeLast
    beforeLast = last
    last = value
    return value
  }

  /// The series of sine, after the angle was brought between -π/2 and π/2; exact to 1e-9.
  static func sine(_ angle: Double) -> Double {
    var x = angle
    x -= (x / (2 * Double.pi)).rounded() * 2 * Double.pi
    if x > Double.pi / 2 { x = Double.pi - x }
    if x < -Double.pi / 2 { x = -Double.pi - x }
    let square = x * x
    var term = x
    var sum = x
    for step in stride(from: 2.0, through: 16, by: 2) {
      term *= -square / (step * (step + 1))
      sum += term
    }
    return sum
  }
}
