import RCMLBasics

/// The audio of an SDP as simulated phones and checkers read it, without a look at RCMLSIP.
struct VoiceDescription {
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

  /// The party that wrote it wants to hear something.
  var listens: Bool { direction == "sendrecv" || direction == "recvonly" }
  var speaks: Bool { direction == "sendrecv" || direction == "sendonly" }

  /// nil: no body, or none with audio.
  init?(_ message: SipText) {
    guard message.hasBody else { return nil }
    var host: UInt32?
    var port: UInt16 = 0
    var names: [UInt8: String] = [0: "pcmu", 8: "pcma", 9: "g722"]
    var numbers: [UInt8] = []
    for line in message.bytes[message.body].split(whereSeparator: { $0 == 13 || $0 == 10 }) {
      let text = String(decoding: line, as: UTF8.self)
      let words = text.split(separator: " ")
      if text.hasPrefix("c=IN IP4 ") {
        let parts = words[2].split(separator: ".").compactMap { UInt32($0) }
        if parts.count == 4 { host = parts.reduce(0) { $0 << 8 | $1 } }
      } else if text.hasPrefix("m=audio "), words.count > 3 {
        port = UInt16(words[1]) ?? 0
        numbers = words[3...].compactMap { UInt8($0) }
      } else if text.hasPrefix("a=rtpmap:"), words.count > 1,
        let number = UInt8(words[0].dropFirst(9))
      {
        names[number] = String(words[1].prefix { $0 != "/" }).lowercased()
      } else if text.hasPrefix("a=ptime:") {
        packetTime = Int(text.dropFirst(8)) ?? 20
      } else if ["a=sendonly", "a=recvonly", "a=inactive"].contains(text) {
        direction = String(text.dropFirst(2))
      }
    }
    guard let host, !numbers.isEmpty else { return nil }
    if host != 0, port != 0 { address = SocketAddress(ipv4: host, port: port) }
    formats = numbers.map { Format(number: $0, name: names[$0] ?? "") }
  }

  func name(of number: UInt8) -> String? { formats.first { $0.number == number }?.name }
  func number(of name: String) -> UInt8? { formats.first { $0.name == name }?.number }
}
