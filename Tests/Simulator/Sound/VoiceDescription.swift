import RCMLBasics

/// The audio and video of an SDP as simulated phones and checkers read it, without a look at RCMLSIP.
struct VoiceDescription {
  /// What is said of video.
  enum Video { case none, refused, offered }

  struct Format: Hashable {
    var number: UInt8
    /// `pcmu`, `pcma`, `g722`, `telephone-event`; empty = something else.
    var name: String
  }

  /// nil: nowhere.
  private(set) var address: SocketAddress?
  private(set) var direction = "sendrecv"
  private(set) var formats: [Format] = []
  private(set) var packetTime = 20

  private(set) var video = Video.none
  /// nil: nowhere.
  private(set) var videoAddress: SocketAddress?
  private(set) var videoDirection = "sendrecv"
  private(set) var videoFormats: [Format] = []
  var watches: Bool { videoDirection == "sendrecv" || videoDirection == "recvonly" }
  var films: Bool { videoDirection == "sendrecv" || videoDirection == "sendonly" }

  /// The party that wrote it wants to hear something.
  var listens: Bool { direction == "sendrecv" || direction == "recvonly" }
  var speaks: Bool { direction == "sendrecv" || direction == "sendonly" }

  /// nil: no body, or none with audio.
  init?(_ message: SipText) {
    guard message.hasBody else { return nil }
    var host: UInt32?
    var port: UInt16 = 0
    var names: [UInt8: String] = [0: "pcmu", 8: "pcma", 9: "g722"]
    var videoNames: [UInt8: String] = [:]
    var numbers: [UInt8] = []
    var videoNumbers: [UInt8] = []
    var videoPort: UInt16 = 0
    var isVideo = false
    for line in message.bytes[message.body].split(whereSeparator: { $0 == 13 || $0 == 10 }) {
      let text = String(decoding: line, as: UTF8.self)
      let words = text.split(separator: " ")
      if text.hasPrefix("c=IN IP4 ") {
        let parts = words[2].split(separator: ".").compactMap { UInt32($0) }
        if parts.count == 4 { host = parts.reduce(0) { $0 << 8 | $1 } }
      } else if text.hasPrefix("m=audio "), words.count > 3 {
        port = UInt16(words[1]) ?? 0
        numbers = words[3...].compactMap { UInt8($0) }
        isVideo = false
      } else if text.hasPrefix("m=video "), words.count > 3 {
        videoPort = UInt16(words[1]) ?? 0
        videoNumbers = words[3...].compactMap { UInt8($0) }
        video = videoPort == 0 ? .refused : .offered
        isVideo = true
      } else if text.hasPrefix("a=rtpmap:"), words.count > 1,
        let number = UInt8(words[0].dropFirst(9))
      {
        let name = String(words[1].prefix { $0 != "/" }).lowercased()
        if isVideo { videoNames[number] = name } else { names[number] = name }
      } else if text.hasPrefix("a=ptime:") {
        packetTime = Int(text.dropFirst(8)) ?? 20
      } else if ["a=sendonly", "a=recvonly", "a=inactive"].contains(text) {
        let direction = String(text.dropFirst(2))
        if isVideo { videoDirection = direction } else { self.direction = direction }
      }
    }
    guard let host, !numbers.isEmpty else { return nil }
    if host != 0, port != 0 { address = SocketAddress(ipv4: host, port: port) }
    formats = numbers.map { Format(number: $0, name: names[$0] ?? "") }
    guard video == .offered else { return }
    if host != 0 { videoAddress = SocketAddress(ipv4: host, port: videoPort) }
    videoFormats = videoNumbers.map { Format(number: $0, name: videoNames[$0] ?? "") }
  }

  func name(of number: UInt8) -> String? { formats.first { $0.number == number }?.name }
  func videoName(of number: UInt8) -> String? {
    videoFormats.first { $0.number == number }?.name
  }
  func number(of name: String) -> UInt8? { formats.first { $0.name == name }?.number }
}
