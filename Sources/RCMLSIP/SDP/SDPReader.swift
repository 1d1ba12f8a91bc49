import RCMLBasics

/// Reads one stream of a description: where its packets go, and what they are.
struct SDPReader {
  private let octets: UnsafeRawBufferPointer
  private var audio = AudioDescription()
  /// Values of the stream's a=rtcp-fb and b= lines.
  private var feedback: [[UInt8]] = []
  private var bandwidth: [[UInt8]] = []
  private var controlPort: UInt16?

  static func audio(of description: SessionDescription) -> AudioDescription? {
    guard let place = description.audioPlace else { return nil }
    return description.body.withUnsafeBytes { octets in
      var reader = SDPReader(octets)
      return reader.read(place, of: description) ? reader.audio : nil
    }
  }

  /// A payload type that is none makes no video, but leaves the description what it is. Beside secret sound there is none:
  /// it would be open (spec T-17).
  static func video(of description: SessionDescription) -> VideoDescription? {
    guard !description.isSecret,
      let place = description.streams.firstIndex(where: { $0.kind == .video && $0.isUsable })
    else { return nil }
    return description.body.withUnsafeBytes { octets in
      var reader = SDPReader(octets)
      guard reader.read(place, of: description) else { return nil }
      let stream = reader.audio
      let formats = stream.formats.map { format in
        var format = format
        if format.encoding.isEmpty { format.encoding = VideoDescription.fixed(format.payload) }
        return format
      }.filter { !$0.encoding.isEmpty }
      guard !formats.isEmpty else { return nil }
      return VideoDescription(
        index: place, address: stream.address, control: stream.control,
        direction: stream.direction,
        profile: stream.profile.map { $0 >= 97 && $0 <= 122 ? $0 - 32 : $0 }, formats: formats,
        feedback: reader.feedback, bandwidth: reader.bandwidth)
    }
  }

  private init(_ octets: UnsafeRawBufferPointer) { self.octets = octets }

  private mutating func read(_ place: Int, of description: SessionDescription) -> Bool {
    let stream = description.streams[place]
    let lines = description.lines.lines
    guard lines.indices.contains(stream.lines.lowerBound),
      readHead(lines[stream.lines.lowerBound], stream, place)
    else { return false }
    audio.mediaCount = description.streams.count
    var address: SocketAddress?
    for line in lines.prefix(while: { $0.media == nil }) where line.type == UInt8(ascii: "c") {
      address = octets.connection(line.value)?.value
    }
    for line in lines[stream.lines].dropFirst() {
      switch line.type {
      case UInt8(ascii: "c"): address = octets.connection(line.value)?.value
      case UInt8(ascii: "a"): readAttribute(line.value)
      case UInt8(ascii: "b"):
        if bandwidth.count < SessionDescription.feedbackLimit {
          bandwidth.append(Array(octets[line.value]))
        }
      default: break
      }
    }
    audio.address = address
    audio.address?.port = audio.port
    audio.control = audio.address
    audio.control?.port = controlPort ?? audio.port &+ 1
    return true
  }

  private mutating func readHead(
    _ line: SDPLines.Line, _ stream: SDPStream, _ place: Int
  ) -> Bool {
    let end = line.value.upperBound
    var position = line.value.lowerBound
    guard octets.nextWord(&position, end) != nil, octets.nextWord(&position, end) != nil,
      let profile = octets.nextWord(&position, end)
    else { return false }
    let count = octets.countWords(from: position, to: end)
    guard count > 0 else { return false }
    audio.payloads.reserveCapacity(count)
    audio.formats.reserveCapacity(count)
    while let word = octets.nextWord(&position, end) {
      guard let payload = octets.number(word), payload < 128 else { return false }
      audio.payloads.append(UInt8(payload))
      audio.formats.append(AudioFormat(UInt8(payload), AudioFormat.fixed(UInt8(payload))))
    }
    audio.hasAudio = true
    audio.index = place
    audio.port = stream.port
    audio.direction = stream.direction
    audio.profile = Array(octets[profile])
    return true
  }

  /// `a=rtpmap:101 telephone-event/8000`, `a=fmtp:101 0-16`, `a=ptime:20`, `a=rtcp:5007`.
  private mutating func readAttribute(_ value: Range<Int>) {
    guard
      let colon = octets.first(UInt8(ascii: ":"), from: value.lowerBound, to: value.upperBound)
    else { return }
    let name = value.lowerBound..<colon
    if octets.equalsIgnoringCase("rtcp-fb", name) {
      guard feedback.count < SessionDescription.feedbackLimit else { return }
      return feedback.append(Array(octets[(colon + 1)..<value.upperBound]))
    }
    var position = colon + 1
    guard let first = octets.nextWord(&position, value.upperBound),
      let number = octets.number(first)
    else { return }
    if octets.equalsIgnoringCase("ptime", name) {
      if (1...200).contains(number) { audio.packetTime = Int(number) }
    } else if octets.equalsIgnoringCase("rtcp", name) {
      if (1...65_535).contains(number) { controlPort = UInt16(number) }
    } else if number < 128, let rest = octets.nextWord(&position, value.upperBound) {
      readFormat(name, UInt8(number), rest.lowerBound..<value.upperBound)
    }
  }

  private mutating func readFormat(_ name: Range<Int>, _ payload: UInt8, _ rest: Range<Int>) {
    guard let place = audio.formats.firstIndex(where: { $0.payload == payload }) else { return }
    if octets.equalsIgnoringCase("fmtp", name) {
      audio.formats[place].parameters = Array(octets[rest])
    } else if octets.equalsIgnoringCase("rtpmap", name) {
      audio.formats[place].encoding = encoding(rest)
      if audio.telephoneEvent == nil, audio.formats[place].isTelephoneEvent {
        audio.telephoneEvent = payload
      }
    }
  }

  private func encoding(_ text: Range<Int>) -> [UInt8] {
    if let usual = AudioFormat.usual(octets, text) { return usual }
    var encoding = octets[text].map(\.lowercased)
    // One channel is what is meant when none is named (RFC 4566 §6).
    if encoding.filter({ $0 == UInt8(ascii: "/") }).count == 2,
      encoding.suffix(2).elementsEqual("/1".utf8)
    {
      encoding.removeLast(2)
    }
    return encoding
  }
}
