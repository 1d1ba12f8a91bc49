import Foundation
import RCMLBasics
import RCMLSIP

@testable import RCMLAgent

/// A phone: a user agent of its own, driven by a small script.
final class Phone {
  /// What it does with an INVITE.
  struct Script {
    /// After how long it rings; nil = never.
    var ring: Interval? = .milliseconds(100)
    var ringCode: UInt16 = 180
    var ringsWithMedia = false
    /// After how long it answers; nil = never.
    var answer: Interval?
    var reject: (code: UInt16, after: Interval)?
    var media = AgentWorld.sdp(port: 6000)
    var headers: [HeaderLine] = []
    /// Its INVITE had no offer: its ACK brings this answer to ours.
    var answerInAck: [UInt8] = []
    /// What it describes is one part of several (U-58).
    var wrapsBodies = false
    /// It sends PRACK; a user agent of ours always does.
    var takesReliable = true
    /// What it does with a re-INVITE; nil = it answers with `media`.
    var refusesOffers: UInt16?
    /// How long it thinks about a re-INVITE; nil = not at all.
    var offerDelay: Interval?

    init() {}

    static func answers(after interval: Interval = .milliseconds(500), port: Int = 6000) -> Script {
      var script = Script()
      script.answer = interval
      script.media = AgentWorld.sdp(port: port)
      return script
    }

    static func rejects(_ code: UInt16, after interval: Interval = .milliseconds(300)) -> Script {
      var script = Script()
      script.reject = (code, interval)
      return script
    }
  }

  let address: SocketAddress
  var script: Script
  unowned let world: AgentWorld
  var userAgent: UserAgent
  var session: SessionID?
  /// Hears nothing any more.
  var isDeaf = false
  private(set) var invites: [IncomingInvite] = []
  private(set) var events: [SessionEvent] = []
  /// First lines of what it received, retransmissions included.
  private(set) var lines: [String] = []
  private(set) var messages: [[UInt8]] = []

  init(
    address: SocketAddress, script: Script, settings given: [(String, String)] = [],
    world: AgentWorld
  ) {
    var settings = Settings()
    for (name, value) in given { _ = settings.set(name, value) }
    self.address = address
    self.script = script
    self.world = world
    userAgent = UserAgent(
      random: RandomSource(seed: UInt64(address.port)), settings: settings)
    userAgent.listening(ListenerID(1), .udp, local: address)
    userAgent.listening(ListenerID(2), .tcp, local: address)
  }

  func received(_ bytes: UnsafeRawBufferPointer) {
    messages.append(Array(bytes))
    lines.append(
      String(decoding: bytes.prefix { $0 != 13 }, as: UTF8.self)
        .split(separator: " ").prefix(2).joined(separator: " "))
  }

  // MARK: as a caller

  func call(
    _ body: [UInt8] = AgentWorld.offer, from: String = "\"Alice\" <sip:alice@127.0.0.1>",
    to: String = "sip:service@127.0.0.1:5060", headers: [HeaderLine] = [], maxForwards: UInt8 = 70,
    credentials: Credentials? = nil
  ) {
    let invite = OutgoingInvite(
      target: Array(to.utf8), from: Array(from.utf8), to: Array(to.utf8),
      callID: userAgent.makeCallID(), maxForwards: maxForwards, headers: headers, body: body,
      credentials: credentials)
    session = userAgent.invite(invite, at: world.now)
    world.drain()
  }

  func hangUp(reasons: [[UInt8]] = []) {
    if let session { userAgent.end(session, reasons: reasons, at: world.now) }
    world.drain()
  }

  func offer(_ sdp: [UInt8]) {
    if let session { userAgent.offer(session, body: sdp, at: world.now) }
    world.drain()
  }

  /// INFO inside its dialog.
  func info(_ contentType: String, _ body: String) {
    if let session {
      userAgent.sendInfo(
        session, contentType: Array(contentType.utf8), body: Array(body.utf8), at: world.now)
    }
    world.drain()
  }

  /// What the INFOs it received carry, in order.
  var infos: [String] {
    messages.filter { $0.starts(with: Array("INFO ".utf8)) }.map {
      let text = String(decoding: $0, as: UTF8.self)
      let lines = text.components(separatedBy: "\r\n")
      let type = lines.first { $0.hasPrefix("Content-Type: ") }?.dropFirst(14) ?? ""
      return type + "|" + (text.components(separatedBy: "\r\n\r\n").last ?? "")
    }
  }

  // MARK: what happened

  var provisionals: [UInt16] {
    events.compactMap { if case .provisional(let code, _) = $0, code > 100 { code } else { nil } }
  }

  /// 200 or the final failure; nil = still waiting.
  var finalCode: UInt16? {
    for event in events {
      switch event {
      case .answered(let code, _, _), .rejected(let code, _, _, _, _): return code
      default: continue
      }
    }
    return nil
  }

  var answerBody: [UInt8]? {
    for case .answered(_, let body, _) in events { return body }
    return nil
  }

  var wasHungUp: Bool {
    events.contains { if case .hungUp = $0 { true } else { false } }
  }

  var wasCancelled: Bool {
    events.contains { if case .cancelled = $0 { true } else { false } }
  }

  var offers: [[UInt8]] {
    events.compactMap { if case .offered(let body) = $0 { body } else { nil } }
  }

  /// The last message received whose first line begins so.
  func message(_ start: String) -> String? {
    messages.last { $0.starts(with: Array(start.utf8)) }.map { String(decoding: $0, as: UTF8.self) }
  }

  // MARK: what it does

  func drain() {
    while let effect = userAgent.nextEffect() {
      switch effect {
      case .send(_, let destination, let bytes):
        let said = asSaid(withAnswer(bytes))
        world.arrive(
          .datagram(
            to: destination, from: address, script.wrapsBodies ? Phone.wrapped(said) : said))
      case .openStream(let id, let destination):
        world.open(StreamEnd(node: address, id: id), to: destination)
      case .openSecured(let id, let destination, let domain):
        userAgent.streamSecured(id, peer: domain)
        world.open(StreamEnd(node: address, id: id), to: destination)
      case .sendStream(let id, let bytes):
        world.write(StreamEnd(node: address, id: id), asSaid(bytes))
      case .closeStream(let id):
        world.close(StreamEnd(node: address, id: id))
      case .closeListener(let id):
        userAgent.listenerClosed(id)
      case .resolve(let id, _), .findServices(let id, _), .findPointers(let id, _):
        userAgent.resolutionFailed(id, at: world.now)
      case .findRoute(let destination):
        userAgent.routeFound(to: destination, local: address, at: world.now)
      case .incoming(let id, let invite):
        session = id
        invites.append(invite)
        play(id)
      case .session(let id, let event):
        events.append(event)
        if case .offered(let body) = event { answer(body, id) }
      case .refused, .message, .judged, .limited, .confirmed:
        break
      }
    }
  }

  /// A user agent of ours never calls without an offer, so it does not know how to answer in an ACK.
  private func withAnswer(_ bytes: [UInt8]) -> [UInt8] {
    let empty = Array("Content-Length: 0\r\n\r\n".utf8)
    guard !script.answerInAck.isEmpty, bytes.starts(with: Array("ACK ".utf8)),
      bytes.suffix(empty.count) == empty[...]
    else { return bytes }
    let fields =
      "Content-Type: application/sdp\r\nContent-Length: \(script.answerInAck.count)\r\n\r\n"
    return bytes.dropLast(empty.count) + Array(fields.utf8) + script.answerInAck
  }

  private func asSaid(_ bytes: [UInt8]) -> [UInt8] {
    guard !script.takesReliable else { return bytes }
    return Array(
      String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "100rel, ", with: "").utf8)
  }

  /// The description of a message as the second part of its body.
  static func wrapped(_ message: [UInt8]) -> [UInt8] {
    let text = String(decoding: message, as: UTF8.self)
    let parts = text.components(separatedBy: "\r\n\r\n")
    guard parts.count == 2, parts[0].contains("Content-Type: application/sdp") else {
      return message
    }
    let body =
      "--cut\r\nContent-Type: application/isup\r\nContent-Disposition: signal;handling=optional\r\n\r\nx"
      + "\r\n--cut\r\nContent-Type: application/sdp\r\n\r\n\(parts[1])\r\n--cut--\r\n"
    let head = parts[0].components(separatedBy: "\r\n").map { line in
      line.hasPrefix("Content-Length")
        ? "Content-Length: \(body.utf8.count)"
        : line.replacingOccurrences(
          of: "application/sdp", with: "multipart/mixed;boundary=cut")
    }
    return Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
  }

  private func play(_ id: SessionID) {
    let script = self.script
    func act(_ after: Interval?, _ action: @escaping (inout UserAgent, Instant) -> Void) {
      guard let after else { return }
      world.after(after) { [unowned self] in action(&self.userAgent, self.world.now) }
    }
    act(script.ring) {
      $0.ring(
        id, code: script.ringCode, body: script.ringsWithMedia ? script.media : [], at: $1)
    }
    act(script.answer) { $0.accept(id, body: script.media, headers: script.headers, at: $1) }
    if let reject = script.reject {
      act(reject.after) {
        $0.reject(id, code: reject.code, phrase: [], headers: script.headers, at: $1)
      }
    }
  }

  private func answer(_ offer: [UInt8], _ id: SessionID) {
    guard let delay = script.offerDelay else { return answer(id) }
    world.after(delay) { [unowned self] in answer(id) }
  }

  private func answer(_ id: SessionID) {
    if let code = script.refusesOffers {
      userAgent.refuseOffer(id, code: code, at: world.now)
    } else {
      userAgent.answerOffer(id, body: script.media, at: world.now)
    }
  }
}
