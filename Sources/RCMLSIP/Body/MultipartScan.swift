import RCMLBasics

/// Divides the body of a multipart at its boundary (RFC 2046 §5.1.1): what stands before the first delimiter and behind the
/// last is left out, lines end with CRLF or LF, and a body that never closes ends where its octets do.
struct MultipartScan {
  private let octets: ArraySlice<UInt8>
  private let boundary: [UInt8]
  /// The beginning of a line; nil = nothing follows.
  private var position: Int?

  private enum Line { case delimiter, close, other }

  /// nil: the boundary is none, or stands nowhere.
  init?(_ octets: ArraySlice<UInt8>, boundary: [UInt8]) {
    guard (1...Limits.boundary).contains(boundary.count) else { return nil }
    self.octets = octets
    self.boundary = boundary
    position = octets.startIndex
    while let line = nextLine() {
      switch kind(of: line) {
      case .delimiter: return
      case .close: return nil
      case .other: break
      }
    }
    return nil
  }

  /// The octets of the next part, its header with them.
  mutating func next() -> ArraySlice<UInt8>? {
    guard let start = position else { return nil }
    // The line end before a delimiter belongs to the delimiter.
    var end = start
    while let line = nextLine() {
      switch kind(of: line) {
      case .delimiter: return octets[start..<end]
      case .close:
        position = nil
        return octets[start..<end]
      case .other: end = line.endIndex
      }
    }
    return octets[start...]
  }

  private func kind(of line: ArraySlice<UInt8>) -> Line {
    guard line.count >= boundary.count + 2, line.prefix(2).elementsEqual("--".utf8),
      line.dropFirst(2).prefix(boundary.count).elementsEqual(boundary)
    else { return .other }
    let rest = line.dropFirst(2 + boundary.count)
    if rest.allSatisfy(\.isBlank) { return .delimiter }
    let isClose = rest.prefix(2).elementsEqual("--".utf8) && rest.dropFirst(2).allSatisfy(\.isBlank)
    return isClose ? .close : .other
  }

  /// Without its end.
  private mutating func nextLine() -> ArraySlice<UInt8>? {
    guard let start = position else { return nil }
    guard let end = octets[start...].firstIndex(of: 10) else {
      position = nil
      return start < octets.endIndex ? octets[start...] : nil
    }
    position = end + 1
    return octets[start..<end].last == 13 ? octets[start..<end - 1] : octets[start..<end]
  }
}
