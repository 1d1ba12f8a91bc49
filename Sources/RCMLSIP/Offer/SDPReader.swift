import RCMLBasics

/// Reads the lines that decide where audio goes, or what else is asked for.
struct SDPReader {
  let octets: UnsafeRawBufferPointer
  let lines: SDPLines
  /// Of the m-lines that count.
  let kind: StaticString
  var audio = AudioDescription()
  /// Values of the stream's a=rtcp-fb and b= lines.
  private(set) var feedback: [[UInt8]] = []
  private(set) var bandwidth: [[UInt8]] = []

  private var sessionAddress: SocketAddress?
  private var mediaAddress: SocketAddress?
  private var hasMediaAddress = false
  private var sessionDirection: AudioDescription.Direction?
  private var mediaDirection: AudioDescription.Direction?
  private var controlPort: UInt16?

  init(octets: UnsafeRawBufferPointer, lines: SDPLines, kind: StaticString = "audio") {
    self.octets = octets
    self.lines = lines
    self.kind = kind
  }

  /// What is wrong, or nil.
  mutating func read() -> StaticString? {
    guard let first = lines.lines.first, first.type == UInt8(ascii: "v"),
      octets.equals("0", first.value)
    else { return "the description does not begin with v=0" }
    guard lines.lines.dropFirst().first?.type == UInt8(ascii: "o") else {
      return "the description has no origin (o=)"
    }
    guard lines.mediaCount <= SessionDescription.mediaLimit else {
      return "the description has more than 16 streams"
    }
    audio.mediaCount = lines.mediaCount
    for line in lines.lines {
      if let fault = take(line) { return fault }
    }
    audio.address = hasMediaAddress ? mediaAddress : sessionAddress
    audio.address?.port = audio.port
    audio.direction = mediaDirection ?? sessionDirection ?? .sendrecv
    audio.control = audio.address
    audio.control?.port = controlPort ?? audio.port &+ 1
    return nil
  }

  private var isInAudio: (SDPLines.Line) -> Bool {
    let audio = audio
    return { $0.media != nil && audio.hasAudio && $0.media == audio.index }
  }

  private mutating func take(_ line: SDPLines.Line) -> StaticString? {
    switch line.type {
    case UInt8(ascii: "m"): return takeMedia(line)
    case UInt8(ascii: "c"):
      let address = connection(line.value)
      guard let address else { return "a connection line (c=) is none" }
      if line.media == nil { sessionAddress = address.value }
      if isInAudio(line) {
        mediaAddress = address.value
        hasMediaAddress = true
      }
    case UInt8(ascii: "a"):
      if let direction = direction(line.value) {
        if line.media == nil { sessionDirection = direction }
        if isInAudio(line) { mediaDirection = direction }
      } else if isInAudio(line) {
        takeAttribute(line.value)
      }
    case UInt8(ascii: "b"):
      if isInAudio(line), bandwidth.count < SessionDescription.feedbackLimit {
        bandwidth.append(Array(octets[line.value]))
      }
    default: break
    }
    return nil
  }

  private mutating func takeMedia(_ line: SDPLines.Line) -> StaticString? {
    let words = octets.words(line.value, limit: SessionDescription.payloadLimit + 4)
    guard words.count >= 4 else { return "a media line (m=) is too short" }
    guard words.count - 3 <= SessionDescription.payloadLimit else {
      return "a media line (m=) has more than 64 payload types"
    }
    let slash = octets.first(UInt8(ascii: "/"), from: words[1].lowerBound, to: words[1].upperBound)
    guard let port = octets.number(words[1].lowerBound..<(slash ?? words[1].upperBound)),
      port <= 65_535
    else { return "a media line (m=) has no port" }
    guard octets.equalsIgnoringCase(kind, words[0]) else { return nil }
    var payloads: [UInt8] = []
    for word in words[3...] {
      guard let payload = octets.number(word), payload < 128 else {
        return "a media line (m=) has a payload type that is none"
      }
      payloads.append(UInt8(payload))
    }
    guard !audio.hasAudio, port != 0 else { return nil }
    audio.hasAudio = true
    audio.index = line.media ?? 0
    audio.port = UInt16(port)
    audio.payloads = payloads
    audio.formats = payloads.map { AudioFormat($0, AudioFormat.fixed($0)) }
    audio.profile = Array(octets[words[2]])
    return nil
  }

  /// nil = not a connection line; a value of nil = a name, or a family nobody knows.
  private func connection(_ value: Range<Int>) -> (value: SocketAddress?, Void)? {
    let words = octets.words(value, limit: 4)
    guard words.count >= 3, octets.equalsIgnoringCase("in", words[0]) else { return nil }
    let end =
      octets.first(UInt8(ascii: "/"), from: words[2].lowerBound, to: words[2].upperBound)
      ?? words[2].upperBound
    let address = HostText.address(octets, words[2].lowerBound..<end)
    if octets.equalsIgnoringCase("ip4", words[1]) {
      return (address?.family == .ipv4 ? address : nil, ())
    }
    if octets.equalsIgnoringCase("ip6", words[1]) {
      return (address?.family == .ipv6 ? address : nil, ())
    }
    return nil
  }

  private func direction(_ value: Range<Int>) -> AudioDescription.Direction? {
    if octets.equalsIgnoringCase("sendrecv", value) { return .sendrecv }
    if octets.equalsIgnoringCase("sendonly", value) { return .sendonly }
    if octets.equalsIgnoringCase("recvonly", value) { return .recvonly }
    if octets.equalsIgnoringCase("inactive", value) { return .inactive }
    return nil
  }

  /// `a=rtpmap:101 telephone-event/8000`, `a=fmtp:101 0-16`, `a=ptime:20`, `a=rtcp:5007`.
  private mutating func takeAttribute(_ value: Range<Int>) {
    guard
      let colon = octets.first(UInt8(ascii: ":"), from: value.lowerBound, to: value.upperBound)
    else { return }
    let name = value.lowerBound..<colon
    if octets.equalsIgnoringCase("rtcp-fb", name) {
      guard feedback.count < SessionDescription.feedbackLimit else { return }
      return feedback.append(Array(octets[(colon + 1)..<value.upperBound]))
    }
    let words = octets.words(colon + 1..<value.upperBound, limit: 2)
    guard let first = words.first, let number = octets.number(first) else { return }
    if octets.equalsIgnoringCase("ptime", name) {
      if (1...200).contains(number) { audio.packetTime = Int(number) }
    } else if octets.equalsIgnoringCase("rtcp", name) {
      if (1...65_535).contains(number) { controlPort = UInt16(number) }
    } else if number < 128, words.count == 2 {
      takeFormat(name, UInt8(number), words[1].lowerBound..<value.upperBound)
    }
  }

  private mutating func takeFormat(_ name: Range<Int>, _ payload: UInt8, _ rest: Range<Int>) {
    guard let place = audio.formats.firstIndex(where: { $0.payload == payload }) else { return }
    if octets.equalsIgnoringCase("fmtp", name) {
      audio.formats[place].parameters = Array(octets[rest])
    } else if octets.equalsIgnoringCase("rtpmap", name) {
      var encoding = octets[rest].map(\.lowercased)
      // One channel is what is meant when none is named (RFC 4566 §6).
      if encoding.filter({ $0 == UInt8(ascii: "/") }).count == 2,
        encoding.suffix(2).elementsEqual("/1".utf8)
      {
        encoding.removeLast(2)
      }
      audio.formats[place].encoding = encoding
      if audio.telephoneEvent == nil, audio.formats[place].isTelephoneEvent {
        audio.telephoneEvent = payload
      }
    }
  }
}
