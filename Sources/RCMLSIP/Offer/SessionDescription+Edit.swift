import RCMLBasics

/// Edits on the octets of a description that `check` found usable: lines that are not named here pass as they are.
extension SessionDescription {
  /// The same description with an origin of ours: a relayed description must count its own versions
  /// (RFC 3264 §8).
  package static func rewritingOrigin(
    _ body: [UInt8], sessionID: UInt64, version: UInt64, address: SocketAddress
  ) -> [UInt8] {
    edit(body) { line, octets, writer in
      guard line.type == UInt8(ascii: "o"), line.media == nil else {
        return writer.append(UnsafeRawBufferPointer(rebasing: octets[line.whole]))
      }
      appendOrigin(sessionID: sessionID, version: version, address: address, to: &writer)
    }
  }

  /// The same description without a=sendonly, a=recvonly and a=inactive; a connection address of 0.0.0.0 stays.
  package static func removingHold(_ body: [UInt8]) -> [UInt8] {
    edit(body) { line, octets, writer in
      if line.type == UInt8(ascii: "a"),
        octets.equalsIgnoringCase("sendonly", line.value)
          || octets.equalsIgnoringCase("recvonly", line.value)
          || octets.equalsIgnoringCase("inactive", line.value)
      {
        return
      }
      writer.append(UnsafeRawBufferPointer(rebasing: octets[line.whole]))
    }
  }

  /// An offer nobody needs to hear: PCMU, PCMA, telephone-event, nothing flows (RFC 3264 §5.1; port 9 is the
  /// discard port).
  package static func inactiveOffer(
    address: SocketAddress, sessionID: UInt64 = 1, version: UInt64 = 1
  ) -> [UInt8] {
    var writer = ByteWriter(capacity: 320)
    appendSession(sessionID: sessionID, version: version, address: address, to: &writer)
    writer.append("t=0 0\r\nm=audio 9 RTP/AVP 0 8 101\r\n")
    writer.append("a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n")
    writer.append("a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=inactive\r\n")
    return writer.bytes
  }

  /// An answer that takes the first audio stream with one codec and lets nothing flow.
  package static func inactiveAnswer(
    to offer: [UInt8], address: SocketAddress, sessionID: UInt64 = 1, version: UInt64 = 1
  ) -> [UInt8] {
    answer(to: offer, address: address, sessionID: sessionID, version: version) {
      appendAudio($0, $1, $2, to: &$3)
    }
  }

  /// The first audio stream as `append` describes it, the lines of one `other` stream, all further streams refused, and
  /// as many, in the same order (RFC 3264 §6).
  static func answer(
    to offer: [UInt8], address: SocketAddress, sessionID: UInt64, version: UInt64,
    other: (index: Int?, lines: [UInt8])? = nil,
    _ append: (AudioDescription, UnsafeRawBufferPointer, SDPLines, inout ByteWriter) -> Void
  ) -> [UInt8] {
    var writer = ByteWriter(capacity: 512)
    appendSession(sessionID: sessionID, version: version, address: address, to: &writer)
    guard case .description(let audio) = check(offer) else {
      writer.append("t=0 0\r\n")
      return writer.bytes
    }
    offer.withUnsafeBytes { octets in
      guard let lines = SDPLines(octets) else { return }
      appendTiming(lines, octets, to: &writer)
      for line in lines.lines where line.type == UInt8(ascii: "m") {
        let words = octets.words(line.value, limit: payloadLimit + 4)
        guard words.count >= 4 else { continue }
        if audio.hasAudio, line.media == audio.index {
          append(audio, octets, lines, &writer)
        } else if let other, line.media == other.index {
          writer.append(other.lines)
        } else {
          appendRefused(words, octets, to: &writer)
        }
      }
    }
    return writer.bytes
  }

  static func edit(
    _ body: [UInt8],
    _ each: (SDPLines.Line, UnsafeRawBufferPointer, inout ByteWriter) -> Void
  ) -> [UInt8] {
    var writer = ByteWriter(capacity: body.count + 64)
    let isRead = body.withUnsafeBytes { octets -> Bool in
      guard let lines = SDPLines(octets) else { return false }
      for line in lines.lines { each(line, octets, &writer) }
      return true
    }
    return isRead ? writer.bytes : body
  }

  static func appendSession(
    sessionID: UInt64, version: UInt64, address: SocketAddress, to writer: inout ByteWriter
  ) {
    writer.append("v=0\r\n")
    appendOrigin(sessionID: sessionID, version: version, address: address, to: &writer)
    writer.append("s=-\r\nc=IN ")
    appendTyped(address, to: &writer)
    writer.append("\r\n")
  }

  private static func appendOrigin(
    sessionID: UInt64, version: UInt64, address: SocketAddress, to writer: inout ByteWriter
  ) {
    writer.append("o=- ")
    writer.append(decimal: sessionID)
    writer.append(UInt8(ascii: " "))
    writer.append(decimal: version)
    writer.append(" IN ")
    appendTyped(address, to: &writer)
    writer.append("\r\n")
  }

  private static func appendTyped(_ address: SocketAddress, to writer: inout ByteWriter) {
    writer.append(address.family == .ipv4 ? "IP4 " : "IP6 ")
    address.appendAddress(to: &writer)
  }

  /// The answer's t-line equals the offer's (RFC 3264 §6).
  private static func appendTiming(
    _ lines: SDPLines, _ octets: UnsafeRawBufferPointer, to writer: inout ByteWriter
  ) {
    writer.append("t=")
    if let line = lines.lines.first(where: { $0.type == UInt8(ascii: "t") }) {
      writer.append(UnsafeRawBufferPointer(rebasing: octets[line.value]))
    } else {
      writer.append("0 0")
    }
    writer.append("\r\n")
  }

  private static func appendRefused(
    _ words: [Range<Int>], _ octets: UnsafeRawBufferPointer, to writer: inout ByteWriter
  ) {
    writer.append("m=")
    writer.append(UnsafeRawBufferPointer(rebasing: octets[words[0]]))
    writer.append(" 0 ")
    for word in words[2...3] {
      writer.append(UnsafeRawBufferPointer(rebasing: octets[word]))
      writer.append(word == words[2] ? " " : "\r\n")
    }
  }

  private static func appendAudio(
    _ audio: AudioDescription, _ octets: UnsafeRawBufferPointer, _ lines: SDPLines,
    to writer: inout ByteWriter
  ) {
    let codec = audio.payloads.first { $0 == 0 || $0 == 8 } ?? audio.payloads.first ?? 0
    var payloads = [codec]
    if let event = audio.telephoneEvent, event != codec, audio.payloads.contains(event) {
      payloads.append(event)
    }
    writer.append("m=audio 9 ")
    writer.append(audio.profile)
    for payload in payloads {
      writer.append(UInt8(ascii: " "))
      writer.append(decimal: UInt64(payload))
    }
    writer.append("\r\n")
    // What the offer says of these payload types stands for the answer too.
    for line in lines.lines where line.type == UInt8(ascii: "a") && line.media == audio.index {
      guard let payload = described(octets, line.value), payloads.contains(payload) else {
        continue
      }
      writer.append("a=")
      writer.append(UnsafeRawBufferPointer(rebasing: octets[line.value]))
      writer.append("\r\n")
    }
    writer.append("a=inactive\r\n")
  }

  /// The payload type of an rtpmap or fmtp attribute.
  private static func described(
    _ octets: UnsafeRawBufferPointer, _ value: Range<Int>
  ) -> UInt8? {
    guard
      let colon = octets.first(UInt8(ascii: ":"), from: value.lowerBound, to: value.upperBound),
      octets.equalsIgnoringCase("rtpmap", value.lowerBound..<colon)
        || octets.equalsIgnoringCase("fmtp", value.lowerBound..<colon),
      let word = octets.words(colon + 1..<value.upperBound, limit: 1).first,
      let payload = octets.number(word), payload < 128
    else { return nil }
    return UInt8(payload)
  }
}
