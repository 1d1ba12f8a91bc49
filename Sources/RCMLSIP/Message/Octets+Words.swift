/// Octets looked at eight at a time, since each octet of each header is: these say for sure that something does not occur,
/// and where it might, whoever asks looks once more, octet by octet.
extension UnsafeRawBufferPointer {
  /// A control octet, the tab and DEL among them.
  func mayHaveControl(from start: Int, to end: Int) -> Bool {
    mayHave(from: start, to: end) { Octets.below32($0) | Octets.equal($0, 0x7f7f_7f7f_7f7f_7f7f) }
  }

  /// A control octet, a blank, a quote or an angle bracket.
  func mayHaveNoURIOctet(from start: Int, to end: Int) -> Bool {
    mayHave(from: start, to: end) { word in
      let brackets = word | 0x0202_0202_0202_0202  // `<` becomes `>`, and so does nothing else
      return Octets.below32(word) | Octets.equal(word, 0x2020_2020_2020_2020)
        | Octets.equal(word, 0x2222_2222_2222_2222) | Octets.equal(brackets, 0x3e3e_3e3e_3e3e_3e3e)
        | Octets.equal(word, 0x7f7f_7f7f_7f7f_7f7f)
    }
  }

  /// `find` sets the high bit of each octet that it looks for, and sometimes of its neighbour.
  @inline(__always)
  private func mayHave(from start: Int, to end: Int, _ find: (UInt64) -> UInt64) -> Bool {
    guard let base = baseAddress, start < end else { return false }
    var found: UInt64 = 0
    guard end - start >= 8 else {
      for position in start..<end { found |= find(UInt64(self[position]) | Octets.harmless) }
      return found & Octets.high != 0
    }
    var position = start
    while true {
      found |= find(base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      if position == end - 8 { return found & Octets.high != 0 }
      position = Swift.min(position + 8, end - 8)
    }
  }
}

/// Eight octets in a word.
private enum Octets {
  static let high: UInt64 = 0x8080_8080_8080_8080
  /// Seven letters above an octet.
  static let harmless: UInt64 = 0x6161_6161_6161_6100

  @inline(__always)
  static func below32(_ word: UInt64) -> UInt64 { (word &- 0x2020_2020_2020_2020) & ~word }

  @inline(__always)
  static func equal(_ word: UInt64, _ octets: UInt64) -> UInt64 {
    let difference = word ^ octets
    return (difference &- 0x0101_0101_0101_0101) & ~difference
  }
}
