import RCMLBasics

@testable import RCMLAgent

/// A phone of the model: what it wants, and what is open between it and us.
struct ModelPhone {
  typealias Line = ReferenceDialog.Line

  var dialog = ReferenceDialog()
  /// A re-INVITE of ours is with it, or waits for its turn.
  var isAsked = false
  /// That re-INVITE has not gone out yet.
  var isHeld = false
  /// Its session is to be refreshed.
  var refreshes = false
  /// That re-INVITE only refreshes the session.
  var isRefreshed = false
  /// It asked for an offer, and its ACK is to come.
  var owesAcknowledgement = false
  /// What it said before its 200, or we before ours.
  var early: [UInt8] = []
  /// Ours was acknowledged.
  var isEarlyFinal = false
  private var wants = (send: true, receive: true)
  private var place = 0
  private let first: Int

  init(first: Int) { self.first = first }

  mutating func moves() { place += 1 }

  private func port(_ stream: Int) -> Int { first + place % 300 * 20 + stream * 2 }

  static func text(_ lines: [Line]) -> [UInt8] {
    var text = "v=0\r\no=phone 1 1 IN IP4 10.0.0.7\r\ns=-\r\nc=IN IP4 10.0.0.7\r\nt=0 0\r\n"
    for line in lines {
      switch line.kind {
      case "audio":
        text +=
          "m=audio \(line.port) \(line.profile) 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
      case "video": text += "m=video \(line.port) \(line.profile) 97\r\na=rtpmap:97 H264/90000\r\n"
      default: text += "m=image \(line.port) udptl t38\r\n"
      }
      if line.kind == "image" { continue }
      switch (line.sends, line.receives) {
      case (true, true): text += line.port % 4 == 0 ? "a=sendrecv\r\n" : ""
      case (true, false): text += "a=sendonly\r\n"
      case (false, true): text += "a=recvonly\r\n"
      case (false, false): text += "a=inactive\r\n"
      }
    }
    return Array(text.utf8)
  }

  /// An offer of its own: it may move, hold, add streams, and turn to other profiles.
  mutating func offer(_ random: inout RandomSource) -> [UInt8] {
    if random.next() % 2 == 0 { moves() }
    let wish = random.next() % 8
    wants = wish < 4 ? (wish & 1 == 0, wish & 2 == 0) : (true, true)
    let known = dialog.remote.count < dialog.local.count ? dialog.local : dialog.remote
    var kinds = known.map(\.kind)
    if kinds.isEmpty { kinds = random.next() % 4 == 0 ? ["audio", "audio"] : ["audio"] }
    if kinds.count < 5, random.next() % 6 == 0 {
      kinds.append(["audio", "video", "image"][Int(random.next() % 3)])
    }
    let isBestEffort = kinds.filter { $0 == "audio" }.count > 1 && random.next() % 2 == 0
    let foreign = ["RTP/SAVP", "UDP/TLS/RTP/SAVPF", "TCP/RTP/AVP"][Int(random.next() % 3)]
    let isForeign = random.next() % 12 == 0
    return ModelPhone.text(
      kinds.enumerated().map { stream, kind in
        var profile = random.next() % 10 == 0 ? "RTP/AVPF" : "RTP/AVP"
        if isForeign || (isBestEffort && stream == 0) { profile = foreign }
        let isOff = random.next() % 16 == 0 || (kind != "audio" && random.next() % 3 == 0)
        return Line(
          kind: kind, port: isOff ? 0 : port(stream),
          profile: kind == "image" ? "udptl" : profile
        ).limited(wants.send || kind != "audio", wants.receive || kind != "audio")
      })
  }

  /// To an offer of ours, by the book; `isForeign`: it turns to another profile, which is no answer.
  mutating func answer(
    to offer: [Line], _ random: inout RandomSource, isForeign: Bool = false
  ) -> [UInt8] {
    if random.next() % 8 == 0 { moves() }
    return ModelPhone.text(
      offer.enumerated().map { stream, asked in
        guard asked.port != 0, asked.kind == "audio" || random.next() % 3 > 0 else {
          return asked.refused
        }
        var line = Line(kind: asked.kind, port: port(stream), profile: asked.profile)
        if isForeign, asked.kind == "audio" { line.profile = "RTP/SAVP" }
        return line.limited(
          wants.send || asked.kind != "audio", wants.receive || asked.kind != "audio"
        )
        .limited(asked.receives, asked.sends)
      })
  }
}
