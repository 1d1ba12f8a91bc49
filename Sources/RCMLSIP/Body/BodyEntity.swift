import RCMLBasics

/// A body with what its header says of it: a message's, or that of a part of one. It is judged by itself (RFC 3261 §8.2.3,
/// RFC 5621, spec U-58).
struct BodyEntity {
  var type = MIMEValue([])
  var disposition = MIMEValue([])
  /// Content-Encoding; empty = none.
  var encoding: ArraySlice<UInt8> = []
  /// Content-Transfer-Encoding, which only parts have; empty = none.
  var transferEncoding: ArraySlice<UInt8> = []
  var content: ArraySlice<UInt8>

  /// What is to be done with a body that nobody here understands (RFC 3459 §4).
  enum Handling { case required, optional, unsaid }

  init(_ content: ArraySlice<UInt8>) { self.content = content }

  /// A part of a multipart. nil = its header never ends, is too long, or says one thing twice.
  init?(part: ArraySlice<UInt8>) {
    self.init([])
    var position = part.startIndex
    var seen: Set<Name> = []
    var field: (name: Name?, start: Int, end: Int)?
    while position < part.endIndex {
      guard position - part.startIndex <= Limits.partHeader else { return nil }
      let lineEnd = part[position...].firstIndex(of: 10) ?? part.endIndex
      let hasReturn = lineEnd > position && part[lineEnd - 1] == 13
      let line = part[position..<(hasReturn ? lineEnd - 1 : lineEnd)]
      position = min(lineEnd + 1, part.endIndex)
      if line.first?.isBlank == true {
        // Folded: it goes on with the line before.
        field?.end = line.endIndex
        continue
      }
      if let (name, start, end) = field, let name {
        guard seen.insert(name).inserted else { return nil }
        put(name, part[start..<end])
      }
      if line.isEmpty {
        content = part[position...]
        return
      }
      let colon = line.firstIndex(of: UInt8(ascii: ":"))
      field = colon.map { (Name(line[..<$0]), $0 + 1, line.endIndex) }
    }
    return nil
  }

  private enum Name {
    case type, disposition, encoding, transferEncoding

    init?(_ octets: ArraySlice<UInt8>) {
      let end = octets.lastIndex { !$0.isBlank }.map { $0 + 1 } ?? octets.startIndex
      let name = octets[..<end]
      if name.equalsIgnoringCase("content-type") {
        self = .type
      } else if name.equalsIgnoringCase("content-disposition") {
        self = .disposition
      } else if name.equalsIgnoringCase("content-encoding") {
        self = .encoding
      } else if name.equalsIgnoringCase("content-transfer-encoding") {
        self = .transferEncoding
      } else {
        return nil
      }
    }
  }

  private mutating func put(_ name: Name, _ value: ArraySlice<UInt8>) {
    switch name {
    case .type: type = MIMEValue(value)
    case .disposition: disposition = MIMEValue(value)
    case .encoding: encoding = value
    case .transferEncoding: transferEncoding = value
    }
  }

  // MARK: - What it says

  var handling: Handling {
    guard !disposition.isEmpty, let value = disposition.parameter("handling") else {
      return .unsaid
    }
    if value[...].equalsIgnoringCase("required") { return .required }
    return value[...].equalsIgnoringCase("optional") ? .optional : .unsaid
  }

  /// Its type is a session's description, and it is not one for something else (RFC 3959).
  private var isDescription: Bool {
    type.isNamed("application/sdp") && !disposition.isNamed("early-session")
  }

  /// Its octets are those of its type.
  private var isPlain: Bool {
    let coding = MIMEValue(encoding)
    guard coding.isEmpty || coding.isNamed("identity") else { return false }
    let transfer = MIMEValue(transferEncoding)
    return transfer.isEmpty || transfer.isNamed("7bit") || transfer.isNamed("8bit")
      || transfer.isNamed("binary")
  }

  /// `mayRefuse`: false where nobody could be told that a part is missed, in a response or an ACK; `depth`: how many
  /// multiparts stand around it.
  func read(mayRefuse: Bool = true, at depth: Int = 0) -> MessageBody {
    if isPlain {
      // What a message holds without saying what it is, is the only thing that is understood.
      if isDescription || depth == 0 && type.isEmpty {
        return content.isEmpty ? .nothing : .description(content)
      }
      if type.isKind("multipart/"), let found = readParts(mayRefuse, at: depth + 1) {
        guard case .notUnderstood = found, handling == .optional else { return found }
        return .nothing
      }
    }
    switch handling {
    case .optional: return .nothing
    case .required where mayRefuse: return .notUnderstood
    // A description that cannot be read is no other part: whoever sent it has offered something.
    case .required, .unsaid: return depth == 0 || isDescription ? .notUnderstood : .nothing
    }
  }

  /// nil = it cannot be divided, or is deeper or has more parts than anybody needs.
  private func readParts(_ mayRefuse: Bool, at depth: Int) -> MessageBody? {
    guard depth <= Limits.bodyDepth, let boundary = type.parameter("boundary"),
      var scan = MultipartScan(content, boundary: boundary)
    else { return nil }
    var found = MessageBody.nothing
    var count = 0
    while let part = scan.next() {
      count += 1
      guard count <= Limits.bodyParts else { return nil }
      guard let entity = BodyEntity(part: part) else { continue }
      switch (entity.read(mayRefuse: mayRefuse, at: depth), found) {
      case (.nothing, _), (.description, .description), (.description, .notUnderstood): break
      case (.description(let octets), .nothing): found = .description(octets)
      case (.notUnderstood, .description) where !mayRefuse || entity.handling != .required: break
      case (.notUnderstood, _): return .notUnderstood
      }
    }
    return found
  }
}
