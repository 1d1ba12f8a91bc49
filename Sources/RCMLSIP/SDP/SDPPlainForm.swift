/// The form that nearly every description of a telephone has, told without libosip2, which makes some seventy objects of
/// one: `v o s [c] t a… (m [c] a…)…`, each with just the words that its type has (RFC 4566 §5).
///
/// What is not of this form may be grammatical all the same; what is, libosip2 takes as well.
enum SDPPlainForm {
  /// What came last, in the order in which it may.
  fileprivate enum Part: Int {
    case nothing, version, origin, subject, connection, time, attribute, media, mediaConnection
    case mediaAttribute
  }

  static func has(_ octets: UnsafeRawBufferPointer, _ lines: SDPLines) -> Bool {
    var part = Part.nothing
    for line in lines.lines {
      guard let next = Part(line.type, after: part),
        isPlain(octets, line.value, as: next)
      else { return false }
      part = next
    }
    return part.rawValue >= Part.time.rawValue
  }

  private static func isPlain(
    _ octets: UnsafeRawBufferPointer, _ value: Range<Int>, as part: Part
  ) -> Bool {
    switch part {
    case .nothing: false
    case .version: octets.equals("0", value)
    case .origin: count(octets, value) == 6
    // An empty one is written out for libosip2, too.
    case .subject: value.isEmpty || octets[value.lowerBound] > 32
    case .connection, .mediaConnection:
      count(octets, value) == 3
        && octets.first(UInt8(ascii: "/"), from: value.lowerBound, to: value.upperBound) == nil
    case .time: octets.equals("0 0", value)
    case .attribute, .mediaAttribute: isAttribute(octets, value)
    case .media: isMedia(octets, value)
    }
  }

  /// Words with one blank between them, and nothing before or behind; 0 = it is not so.
  private static func count(_ octets: UnsafeRawBufferPointer, _ value: Range<Int>) -> Int {
    var words = 1
    var isWord = false
    for position in value {
      switch octets[position] {
      case 32:
        guard isWord else { return 0 }
        isWord = false
        words += 1
      case 33...126: isWord = true
      default: return 0
      }
    }
    return isWord ? words : 0
  }

  /// `name` or `name:value`.
  private static func isAttribute(_ octets: UnsafeRawBufferPointer, _ value: Range<Int>) -> Bool {
    let end = octets.first(UInt8(ascii: ":"), from: value.lowerBound, to: value.upperBound)
    let name = value.lowerBound..<(end ?? value.upperBound)
    guard octets.isToken(name) else { return false }
    guard let end else { return true }
    return end + 1 < value.upperBound && octets[end + 1] > 32
  }

  /// Four words or more, the second of them a number without a count of ports.
  private static func isMedia(_ octets: UnsafeRawBufferPointer, _ value: Range<Int>) -> Bool {
    guard count(octets, value) >= 4 else { return false }
    var position = value.lowerBound
    guard octets.nextWord(&position, value.upperBound) != nil,
      let port = octets.nextWord(&position, value.upperBound)
    else { return false }
    return octets.number(port) != nil
  }
}

extension SDPPlainForm.Part {
  /// nil = a line of this type has no place there, or needs a longer look.
  fileprivate init?(_ type: UInt8, after part: SDPPlainForm.Part) {
    switch (type, part) {
    case (UInt8(ascii: "v"), .nothing): self = .version
    case (UInt8(ascii: "o"), .version): self = .origin
    case (UInt8(ascii: "s"), .origin): self = .subject
    case (UInt8(ascii: "c"), .subject): self = .connection
    case (UInt8(ascii: "t"), .subject), (UInt8(ascii: "t"), .connection): self = .time
    case (UInt8(ascii: "a"), .time), (UInt8(ascii: "a"), .attribute): self = .attribute
    case (UInt8(ascii: "m"), .time), (UInt8(ascii: "m"), .attribute), (UInt8(ascii: "m"), .media),
      (UInt8(ascii: "m"), .mediaConnection), (UInt8(ascii: "m"), .mediaAttribute):
      self = .media
    case (UInt8(ascii: "c"), .media): self = .mediaConnection
    case (UInt8(ascii: "a"), .media), (UInt8(ascii: "a"), .mediaConnection),
      (UInt8(ascii: "a"), .mediaAttribute):
      self = .mediaAttribute
    default: return nil
    }
  }
}
