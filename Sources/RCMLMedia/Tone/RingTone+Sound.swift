import RCMLBasics

extension RingTone {
  /// One turn of the cadence; played again and again it is the tone.
  public var cycle: [Int16] {
    var samples: [Int16] = []
    for (index, milliseconds) in cadence.enumerated() {
      samples +=
        index % 2 == 0
        ? Tone.make(frequencies, milliseconds: milliseconds)
        : Tone.silence(milliseconds: milliseconds)
    }
    return samples
  }
}
