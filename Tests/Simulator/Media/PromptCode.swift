import RCMLMedia

/// Every sound of a simulated world is one value held: any packet says by its octets which of them it is.
package enum PromptCode {
  /// Who may hear what.
  package static let main = 0...3
  package static let screening = 4...7
  package static let music = 8
  package static let farewell = 9

  private static let values: [Int16] = (0...9).map { 400 + 500 * Int16($0) }
  private static let mu = PromptCode.values.map { G711.encode($0, .mu) }
  private static let a = PromptCode.values.map { G711.encode($0, .a) }
  /// Octets that have to be alike: no tone holds still for so long.
  private static let run = 40

  package static func samples(_ code: Int, milliseconds: Int) -> [Int16] {
    Array(repeating: values[code], count: milliseconds * 8)
  }

  /// Which sound a payload of ours begins with; nil = a tone, silence, or the seam between two.
  static func read(_ payload: ArraySlice<UInt8>, _ law: G711.Law) -> Int? {
    guard let first = payload.first, payload.prefix(run).allSatisfy({ $0 == first }) else {
      return nil
    }
    return (law == .mu ? mu : a).firstIndex(of: first)
  }

  package static func wav(_ code: Int, milliseconds: Int) -> [UInt8] {
    let samples = samples(code, milliseconds: milliseconds)
    var octets = WAVHeader.make(channels: 1, dataOctets: UInt64(samples.count * 2))
    for sample in samples {
      octets.append(UInt8(truncatingIfNeeded: sample))
      octets.append(UInt8(truncatingIfNeeded: sample >> 8))
    }
    return octets
  }
}
