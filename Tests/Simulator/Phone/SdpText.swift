/// The streams of an SDP as simulated phones and checkers read it, without a look at RCMLSIP.
struct SdpText {
  struct Stream: Hashable {
    var media: String
    var port: Int
    var profile: String
    var formats: String
    var direction: String

    var mayPass: Bool { port != 0 && (profile == "RTP/AVP" || profile == "RTP/AVPF") }
    var sends: Bool { direction == "sendrecv" || direction == "sendonly" }
    var receives: Bool { direction == "sendrecv" || direction == "recvonly" }
  }

  private(set) var originID = ""
  private(set) var version = 0
  private(set) var host = ""
  private(set) var streams: [Stream] = []
  /// Lines that say what formats are, to be said again.
  private(set) var maps: [String] = []
  let text: String
  /// All but the `o=` line.
  var statement: [Substring] {
    text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("o=") }
  }

  /// Nil: nothing, or no SDP.
  init?(_ message: SipText) {
    guard message.hasBody else { return nil }
    self.init(message.text(message.body))
  }

  init?(_ text: String) {
    guard text.hasPrefix("v=0") else { return nil }
    self.text = text
    var direction = "sendrecv"
    for line in text.utf8.split(whereSeparator: { $0 == 13 || $0 == 10 }) {
      let line = String(decoding: line, as: UTF8.self)
      let words = line.dropFirst(2).split(separator: " ").map(String.init)
      if line.hasPrefix("o="), words.count > 2 {
        originID = words[0] + " " + words[1]
        version = Int(words[2]) ?? 0
      } else if line.hasPrefix("c=IN IP4 ") {
        host = words[2]
      } else if line.hasPrefix("m="), words.count > 3 {
        streams.append(
          Stream(
            media: words[0], port: Int(words[1]) ?? 0, profile: words[2],
            formats: words[3...].joined(separator: " "), direction: direction))
      } else if ["a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive"].contains(line) {
        if streams.isEmpty {
          direction = words[0]
        } else {
          streams[streams.count - 1].direction = words[0]
        }
      } else if line.hasPrefix("a=rtpmap") {
        maps.append(line)
      }
    }
  }

  /// What may be answered to this direction by whom wants `own` (RFC 3264 §6.1).
  static func answer(to offer: Stream, own: String) -> String {
    let mine = Stream(media: "", port: 1, profile: "", formats: "", direction: own)
    switch (offer.receives && mine.sends, offer.sends && mine.receives) {
    case (true, true): return "sendrecv"
    case (true, false): return "sendonly"
    case (false, true): return "recvonly"
    case (false, false): return "inactive"
    }
  }

  /// An answer says no more than the offer allows.
  static func isAnswer(_ answer: Stream, to offer: Stream) -> Bool {
    (!answer.sends || offer.receives) && (!answer.receives || offer.sends)
  }
}
