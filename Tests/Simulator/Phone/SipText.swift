/// A SIP message as the simulated phones and the checkers read it: written without a look at RCMLSIP, so that
/// a bug there does not hide here.
package struct SipText {
  package enum Method: String, Hashable, Sendable {
    case invite = "INVITE"
    case ack = "ACK"
    case bye = "BYE"
    case cancel = "CANCEL"
    case options = "OPTIONS"
    case info = "INFO"
    case update = "UPDATE"
    case prack = "PRACK"
    case other = "OTHER"
  }

  package let bytes: [UInt8]
  /// Nil in a response.
  package private(set) var method: Method?
  /// 0 in a request.
  package private(set) var code = 0
  package private(set) var uri: Range<Int> = 0..<0
  package private(set) var vias: [Range<Int>] = []
  package private(set) var recordRoutes: [Range<Int>] = []
  package private(set) var routes: [Range<Int>] = []
  /// Session-Expires, and that Supported or Require names `timer` (RFC 4028).
  package private(set) var sessionExpires: Range<Int> = 0..<0
  package private(set) var supportsTimer = false
  package private(set) var from: Range<Int> = 0..<0
  package private(set) var to: Range<Int> = 0..<0
  package private(set) var contact: Range<Int> = 0..<0
  package private(set) var callID: [UInt8] = []
  package private(set) var sequence: UInt32 = 0
  package private(set) var sequenceMethod = Method.other
  package private(set) var fromTag: [UInt8] = []
  package private(set) var toTag: [UInt8] = []
  package private(set) var branch: [UInt8] = []
  /// X-RCML-CallSid and X-RCML-ParentCallSid (spec U-7).
  package private(set) var expires: Int?
  package private(set) var accept: Range<Int>?
  package private(set) var sid: Range<Int> = 0..<0
  package private(set) var parentSid: Range<Int> = 0..<0
  /// Authorization and Proxy-Authorization.
  package private(set) var credentials: [Range<Int>] = []
  package private(set) var reasons: [Range<Int>] = []
  /// RSeq and RAck, and that Require or Supported names 100rel (RFC 3262).
  package private(set) var rseq: UInt32?
  package private(set) var rack: Range<Int> = 0..<0
  package private(set) var requiresReliable = false
  package private(set) var supportsReliable = false
  package private(set) var contentLength: Int?
  /// What is described: of a body of several parts the one that is a session description, of one that may be ignored nothing.
  package private(set) var body: Range<Int> = 0..<0
  private var type: Range<Int> = 0..<0
  private var disposition: Range<Int> = 0..<0

  /// Nil: not a message a phone could make anything of.
  package init?(_ bytes: [UInt8]) {
    self.bytes = bytes
    var position = 0
    var isFirst = true
    var isComplete = false
    while position < bytes.count {
      guard let newline = SipText.find(10, in: bytes, from: position) else { return nil }
      let end = newline > position && bytes[newline - 1] == 13 ? newline - 1 : newline
      let line = position..<end
      position = newline + 1
      if line.isEmpty {
        isComplete = true
        break
      }
      if isFirst {
        guard readStart(line) else { return nil }
        isFirst = false
      } else {
        readHeader(line)
      }
    }
    guard isComplete, !isFirst, !callID.isEmpty, !vias.isEmpty else { return nil }
    let available = bytes.count - position
    body = described(position..<(position + min(available, contentLength ?? available)))
    fromTag = parameter("tag", in: from)
    toTag = parameter("tag", in: to)
    branch = parameter("branch", in: vias[0])
  }

  package func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  package var isRequest: Bool { method != nil }
  package var hasBody: Bool { !body.isEmpty }

  /// What stands between the angle brackets, or the whole value without parameters.
  package func address(in range: Range<Int>) -> Range<Int> {
    if let open = bytes[range].firstIndex(of: 60),
      let close = bytes[open..<range.upperBound].firstIndex(of: 62)
    {
      return (open + 1)..<close
    }
    let end = bytes[range].firstIndex(of: 59) ?? range.upperBound
    return range.lowerBound..<end
  }

  /// User part of the URI in `range`; empty = none.
  package func user(in range: Range<Int>) -> [UInt8] {
    let address = address(in: range)
    guard let colon = bytes[address].firstIndex(of: 58),
      let at = bytes[colon..<address.upperBound].firstIndex(of: 64)
    else { return [] }
    return Array(bytes[(colon + 1)..<at])
  }

  private static func find(_ octet: UInt8, in bytes: [UInt8], from start: Int) -> Int? {
    var index = start
    while index < bytes.count {
      if bytes[index] == octet { return index }
      index += 1
    }
    return nil
  }

  private mutating func readStart(_ line: Range<Int>) -> Bool {
    guard let space = bytes[line].firstIndex(of: 32) else { return false }
    let rest = (space + 1)..<line.upperBound
    guard let second = bytes[rest].firstIndex(of: 32) else { return false }
    if bytes[line].starts(with: SipText.version) {
      code = Int(text(rest.lowerBound..<second)) ?? 0
      return code >= 100 && code < 700
    }
    method = Method(rawValue: text(line.lowerBound..<space)) ?? .other
    uri = rest.lowerBound..<second
    return bytes[(second + 1)..<line.upperBound].starts(with: SipText.version)
  }

  private static let version = Array("SIP/2.0".utf8)

  private mutating func readHeader(_ line: Range<Int>) {
    guard let colon = bytes[line].firstIndex(of: 58) else { return }
    var start = colon + 1
    while start < line.upperBound, bytes[start] <= 32 { start += 1 }
    var end = line.upperBound
    while end > start, bytes[end - 1] <= 32 { end -= 1 }
    let value = start..<end
    var nameEnd = colon
    while nameEnd > line.lowerBound, bytes[nameEnd - 1] <= 32 { nameEnd -= 1 }
    // The first letter sorts out most of them before a string is made.
    switch bytes[line.lowerBound] | 0x20 {
    case 118, 102, 116, 105, 99, 109, 114, 108, 120, 97, 112, 115, 107, 101: break
    default: return
    }
    switch text(line.lowerBound..<nameEnd).lowercased() {
    case "via", "v": vias.append(value)
    case "from", "f": from = value
    case "to", "t": to = value
    case "call-id", "i": callID = Array(bytes[value])
    case "cseq":
      let words = bytes[value].split(separator: 32)
      guard words.count == 2 else { return }
      sequence = UInt32(String(decoding: words[0], as: UTF8.self)) ?? 0
      sequenceMethod = Method(rawValue: String(decoding: words[1], as: UTF8.self)) ?? .other
    case "contact", "m": contact = value
    case "record-route": recordRoutes.append(value)
    case "route": routes.append(value)
    case "session-expires", "x": sessionExpires = value
    case "reason": reasons.append(value)
    case "authorization", "proxy-authorization": credentials.append(value)
    case "rseq": rseq = UInt32(text(value))
    case "rack": rack = value
    case "require":
      requiresReliable = requiresReliable || names(value, "100rel")
      supportsTimer = supportsTimer || names(value, "timer")
    case "supported", "k":
      supportsReliable = supportsReliable || names(value, "100rel")
      supportsTimer = supportsTimer || names(value, "timer")
    case "content-type", "c": type = value
    case "content-disposition": disposition = value
    case "expires": expires = Int(text(value))
    case "accept": accept = value
    case "content-length", "l": contentLength = Int(text(value))
    case "x-rcml-callsid": sid = value
    case "x-rcml-parentcallsid": parentSid = value
    default: break
    }
  }

  /// Nothing is nested here: whatever stands around it, a description begins behind the header that says so, and ends before
  /// the next line that begins with two hyphens.
  private func described(_ whole: Range<Int>) -> Range<Int> {
    let kind = text(type).lowercased()
    if !kind.hasPrefix("multipart/") {
      return kind.hasPrefix("text/plain") && text(disposition).hasSuffix("handling=optional")
        ? whole.lowerBound..<whole.lowerBound : whole
    }
    let word = Array("application/sdp".utf8)
    guard
      let named = whole.first(where: { bytes[$0..<whole.upperBound].starts(with: word) }),
      let start = whole.first(where: { $0 > named && isEmptyLine($0, whole.upperBound) })
    else { return whole.lowerBound..<whole.lowerBound }
    var end = start
    while end < whole.upperBound, !isDelimiter(end, whole.upperBound) { end += 1 }
    return start..<end
  }

  /// The line before this place is empty.
  private func isEmptyLine(_ place: Int, _ end: Int) -> Bool {
    guard place < end, bytes[place - 1] == 10 else { return false }
    return bytes[place - 2] == 10 || (bytes[place - 2] == 13 && bytes[place - 3] == 10)
  }

  /// A line end and two hyphens.
  private func isDelimiter(_ place: Int, _ end: Int) -> Bool {
    let mark = bytes[place..<end].prefix(4)
    return mark.starts(with: [13, 10, 45, 45]) || mark.starts(with: [10, 45, 45])
  }

  /// Is `word` in the list with commas?
  private func names(_ list: Range<Int>, _ word: String) -> Bool {
    bytes[list].split(separator: 44).contains { $0.filter { $0 > 32 }.elementsEqual(word.utf8) }
  }

  /// A header parameter: after the `>`, or after the first `;` where there are no brackets.
  private func parameter(_ name: String, in range: Range<Int>) -> [UInt8] {
    let start = (bytes[range].lastIndex(of: 62) ?? range.lowerBound - 1) + 1
    guard start < range.upperBound else { return [] }
    for piece in bytes[start..<range.upperBound].split(separator: 59) {
      guard let equals = piece.firstIndex(of: 61) else { continue }
      let key = piece[..<equals].filter { $0 > 32 }
      if key.elementsEqual(name.utf8) { return piece[(equals + 1)...].filter { $0 > 32 } }
    }
    return []
  }
}
