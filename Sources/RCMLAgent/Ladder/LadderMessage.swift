/// What a ladder shows of a SIP message. It reads loosely: a message the agent refused is drawn too.
struct LadderMessage {
  /// `INVITE`, or nil for a response.
  var method: String?
  var code: Int?
  var phrase = ""
  var callID: [UInt8] = []
  var sequence = ""
  var sequenceMethod = ""
  var hasSDP = false
  /// Octets of the message, body included, as its Content-Length says.
  var length = 0

  /// Nil when the octets hold no whole message yet, or none at all.
  init?(_ bytes: ArraySlice<UInt8>) {
    var lines: [ArraySlice<UInt8>] = []
    var position = bytes.startIndex
    var isComplete = false
    while position < bytes.endIndex {
      guard let newline = bytes[position...].firstIndex(of: 10) else { break }
      var line = bytes[position..<newline]
      if line.last == 13 { line = line.dropLast() }
      position = newline + 1
      if line.isEmpty {
        isComplete = true
        break
      }
      lines.append(line)
    }
    guard isComplete, let first = lines.first, readStart(first) else { return nil }
    var bodyLength = 0
    for line in lines.dropFirst() { readHeader(line, &bodyLength) }
    length = position - bytes.startIndex
    guard bodyLength <= bytes.count - length else { return nil }
    length += bodyLength
  }

  private mutating func readStart(_ line: ArraySlice<UInt8>) -> Bool {
    let words = line.split(separator: 32, maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count == 3 else { return false }
    if words[0].starts(with: Array("SIP/".utf8)) {
      code = Int(text(words[1]))
      phrase = text(words[2])
      return code != nil
    }
    method = text(words[0])
    return words[2].starts(with: Array("SIP/".utf8))
  }

  private mutating func readHeader(_ line: ArraySlice<UInt8>, _ bodyLength: inout Int) {
    guard let colon = line.firstIndex(of: 58) else { return }
    let name = text(line[..<colon]).lowercased()
    let value = text(line[(colon + 1)...])
    switch name {
    case "call-id", "i": callID = Array(value.utf8)
    case "cseq":
      let words = value.split(separator: " ")
      sequence = words.first.map(String.init) ?? ""
      sequenceMethod = words.count > 1 ? String(words[1]) : ""
    case "content-type", "c": hasSDP = value.lowercased().hasPrefix("application/sdp")
    case "content-length", "l": bodyLength = max(0, Int(value) ?? 0)
    default: break
    }
  }

  private func text(_ bytes: ArraySlice<UInt8>) -> String {
    var trimmed = bytes
    while let last = trimmed.last, last <= 32 { trimmed = trimmed.dropLast() }
    while let first = trimmed.first, first <= 32 { trimmed = trimmed.dropFirst() }
    return JournalWords.printable(Array(trimmed))
  }

  /// From the longest to the shortest way to say it: the ladder takes the first one that fits.
  var labels: [String] {
    let sdp = hasSDP ? " sdp" : ""
    if let method { return ["\(method) \(sequence)\(sdp)", "\(method)\(sdp)", method] }
    let code = "\(code ?? 0)"
    // Most responses answer an INVITE, and there it goes without saying.
    let of = sequenceMethod == "INVITE" ? "" : " (\(sequenceMethod))"
    return ["\(code) \(phrase)\(of)\(sdp)", "\(code)\(of)\(sdp)", "\(code)\(of)", code]
  }
}
