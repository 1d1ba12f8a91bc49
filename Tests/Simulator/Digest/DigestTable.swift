import RCMLBasics

/// Digests of many worlds as a small text: a line says the first and the last seed, the digest of all of them, and of
/// each seed so much that it can be named.
package struct DigestTable {
  /// Seeds in a line.
  package static let length = 100
  /// Digits of one seed in a line.
  private static let digits = 4

  private struct Line {
    var first: UInt64
    var digest: UInt64
    var seeds: [UInt64]
  }

  private var lines: [Line] = []

  package init() {}

  /// Nil: it cannot be read.
  package init?(_ text: String) {
    for part in text.split(separator: "\n") where !part.hasPrefix("#") {
      let words = part.split(separator: " ")
      guard words.count == 4, let first = UInt64(words[0]), let last = UInt64(words[1]),
        let digest = UInt64(words[2], radix: 16),
        let seeds = DigestTable.seeds(words[3]), last >= first,
        UInt64(seeds.count) == last - first + 1
      else { return nil }
      lines.append(Line(first: first, digest: digest, seeds: seeds))
    }
  }

  private static func seeds(_ text: Substring) -> [UInt64]? {
    var seeds: [UInt64] = []
    var rest = text
    while !rest.isEmpty {
      guard let seed = UInt64(rest.prefix(digits), radix: 16) else { return nil }
      seeds.append(seed)
      rest = rest.dropFirst(digits)
    }
    return seeds
  }

  /// The worlds of neighbouring seeds, from `first`.
  package mutating func add(_ digests: [UInt64], from first: UInt64) {
    for start in stride(from: 0, to: digests.count, by: DigestTable.length) {
      let part = digests[start..<min(digests.count, start + DigestTable.length)]
      lines.append(
        Line(
          first: first + UInt64(start), digest: DigestTable.digest(of: part),
          seeds: part.map(DigestTable.short)))
    }
  }

  package var text: String {
    lines.map { line in
      "\(line.first) \(line.first + UInt64(line.seeds.count) - 1) "
        + DigestTable.hexadecimal(line.digest, digits: 16) + " "
        + line.seeds.map { DigestTable.hexadecimal($0, digits: DigestTable.digits) }.joined() + "\n"
    }.joined()
  }

  package struct Comparison: Equatable {
    /// Seeds whose worlds are not what they were.
    package var changed: [UInt64] = []
    /// First seeds of lines of which only the whole is another: one of its seeds, and none can be named.
    package var unnamed: [UInt64] = []
    /// Seeds that are in no line.
    package var unknown = 0

    package var isSame: Bool { changed.isEmpty && unnamed.isEmpty && unknown == 0 }
  }

  /// What a run of neighbouring seeds gave, beside what is written here.
  package func compare(_ digests: [UInt64], from first: UInt64) -> Comparison {
    var result = Comparison()
    var known = 0
    for line in lines {
      let end = line.first + UInt64(line.seeds.count)
      let from = max(first, line.first)
      let to = min(first + UInt64(digests.count), end)
      guard from < to else { continue }
      known += Int(to - from)
      let ran = digests[Int(from - first)..<Int(to - first)]
      let before = result.changed.count
      for (place, digest) in ran.enumerated() {
        let seed = from + UInt64(place)
        if line.seeds[Int(seed - line.first)] != DigestTable.short(digest) {
          result.changed.append(seed)
        }
      }
      if ran.count == line.seeds.count, result.changed.count == before,
        DigestTable.digest(of: ran) != line.digest
      {
        result.unnamed.append(line.first)
      }
    }
    result.unknown = digests.count - known
    return result
  }

  private static func digest(of digests: ArraySlice<UInt64>) -> UInt64 {
    var hash = KeyedHash(key: (0, 3), wide: false)
    for digest in digests { hash.combine(digest) }
    return hash.value()
  }

  private static func short(_ digest: UInt64) -> UInt64 { digest >> (64 - 4 * UInt64(digits)) }

  static func hexadecimal(_ value: UInt64, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}
