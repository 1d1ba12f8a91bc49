import RCMLBasics

/// The first look at a description: whether it is one, and which streams stand in it.
struct SDPScan {
  let octets: UnsafeRawBufferPointer
  let lines: SDPLines
  private(set) var streams: [SDPStream] = []
  private var sessionDirection: AudioDescription.Direction?

  init(octets: UnsafeRawBufferPointer, lines: SDPLines) {
    self.octets = octets
    self.lines = lines
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
    streams.reserveCapacity(lines.mediaCount)
    for (place, line) in lines.lines.enumerated() {
      if let fault = read(line, at: place) { return fault }
    }
    endStream(at: lines.lines.count)
    return nil
  }

  private mutating func read(_ line: SDPLines.Line, at place: Int) -> StaticString? {
    switch line.type {
    case UInt8(ascii: "m"):
      endStream(at: place)
      return readMedia(line, at: place)
    case UInt8(ascii: "c"):
      return octets.connection(line.value) == nil ? "a connection line (c=) is none" : nil
    case UInt8(ascii: "a"):
      guard let direction = octets.direction(line.value) else { return nil }
      if streams.isEmpty {
        sessionDirection = direction
      } else {
        streams[streams.count - 1].direction = direction
      }
    default: break
    }
    return nil
  }

  private mutating func endStream(at place: Int) {
    guard let last = streams.indices.last else { return }
    streams[last].lines = streams[last].lines.lowerBound..<place
  }

  private mutating func readMedia(_ line: SDPLines.Line, at place: Int) -> StaticString? {
    var position = line.value.lowerBound
    let end = line.value.upperBound
    guard let media = octets.nextWord(&position, end), let ports = octets.nextWord(&position, end),
      let profile = octets.nextWord(&position, end)
    else { return "a media line (m=) is too short" }
    let slash = octets.first(UInt8(ascii: "/"), from: ports.lowerBound, to: ports.upperBound)
    let kindOfProfile = octets.profile(profile)
    let isServed = kindOfProfile == .open
    let kind: SDPStream.Kind =
      octets.equalsIgnoringCase("audio", media)
      ? .audio : octets.equalsIgnoringCase("video", media) ? .video : .other
    var formats = 0
    while let format = octets.nextWord(&position, end) {
      formats += 1
      guard kind != .audio || !isServed || octets.number(format).map({ $0 < 128 }) ?? false
      else { return "a media line (m=) has a payload type that is none" }
    }
    guard formats > 0 else { return "a media line (m=) is too short" }
    guard formats <= SessionDescription.payloadLimit else {
      return "a media line (m=) has more than 64 payload types"
    }
    guard let port = octets.number(ports.lowerBound..<(slash ?? ports.upperBound)), port <= 65_535
    else { return "a media line (m=) has no port" }
    streams.append(
      SDPStream(
        kind: kind, port: UInt16(port), isServed: isServed, profile: kindOfProfile,
        direction: sessionDirection ?? .sendrecv, lines: place..<place + 1))
    return nil
  }
}

extension UnsafeRawBufferPointer {
  /// nil = not a connection line; a value of nil = a name, or a family nobody knows.
  func connection(_ value: Range<Int>) -> (value: SocketAddress?, Void)? {
    var position = value.lowerBound
    guard let network = nextWord(&position, value.upperBound),
      let family = nextWord(&position, value.upperBound),
      let place = nextWord(&position, value.upperBound), equalsIgnoringCase("in", network)
    else { return nil }
    let end =
      first(UInt8(ascii: "/"), from: place.lowerBound, to: place.upperBound) ?? place.upperBound
    let address = HostText.address(self, place.lowerBound..<end)
    if equalsIgnoringCase("ip4", family) { return (address?.family == .ipv4 ? address : nil, ()) }
    if equalsIgnoringCase("ip6", family) { return (address?.family == .ipv6 ? address : nil, ()) }
    return nil
  }

  func direction(_ value: Range<Int>) -> AudioDescription.Direction? {
    // All four names are eight letters long.
    guard value.count == 8 else { return nil }
    if equalsIgnoringCase("sendrecv", value) { return .sendrecv }
    if equalsIgnoringCase("sendonly", value) { return .sendonly }
    if equalsIgnoringCase("recvonly", value) { return .recvonly }
    if equalsIgnoringCase("inactive", value) { return .inactive }
    return nil
  }
}
