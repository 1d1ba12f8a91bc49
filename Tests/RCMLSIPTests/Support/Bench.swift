import Foundation
import RCMLBasics
import Testing

@testable import RCMLSIP

/// One user agent on a bench: the test is its network, its clock and its peer.
final class Bench {
  struct Sent {
    var at: Instant
    var to: SocketAddress?
    var connection: ConnectionID?
    /// Of a datagram.
    var listener: ListenerID?
    var bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var startLine: String { String(text.prefix { $0 != "\r\n" }) }
    var method: String { String(startLine.prefix { $0 != " " }) }
    var code: Int { method == "SIP/2.0" ? Int(startLine.split(separator: " ")[1]) ?? 0 : 0 }
    /// "INVITE", or "200 BYE".
    var short: String {
      guard method == "SIP/2.0" else { return method }
      return "\(code) " + (header("CSeq").split(separator: " ").last.map { String($0) } ?? "?")
    }

    func header(_ name: String) -> String { headers(name).first ?? "" }

    /// By its long name or its letter (RFC 3261 §7.3.3).
    func headers(_ name: String) -> [String] {
      let letters = ["via": "v", "from": "f", "to": "t", "call-id": "i", "content-length": "l"]
      let names = [name.lowercased(), letters[name.lowercased()] ?? name.lowercased()]
      return text.split(separator: "\r\n", omittingEmptySubsequences: false).compactMap { line in
        guard let colon = line.firstIndex(of: ":"), names.contains(line[..<colon].lowercased())
        else { return nil }
        return String(line[line.index(after: colon)...].trimmingPrefix { $0 == " " })
      }
    }

    var message: Message? {
      let reading = bytes.withUnsafeBytes { MessageReader.read($0, over: .udp) }
      if case .message(let message) = reading { return message }
      return nil
    }

    var tag: String { Bench.tag(header("To")) }
  }

  static func tag(_ value: String) -> String {
    guard let range = value.range(of: ";tag=") else { return "" }
    return String(value[range.upperBound...].prefix { $0 != ";" })
  }

  static let udp = ListenerID(1)
  static let tcp = ListenerID(2)
  static let tls = ListenerID(3)
  static let localTLS = SocketAddress(ipv4: 0x0A00_0001, port: 5061)
  static let local = SocketAddress(ipv4: 0x0A00_0001, port: 5060)
  static let peer = SocketAddress(ipv4: 0x0A00_0002, port: 5060)

  var agent: UserAgent
  var now = Instant(nanoseconds: 1_000_000_000_000)
  var start: Instant
  var sent: [Sent] = []
  var events: [(id: SessionID, event: SessionEvent)] = []
  var incoming: [(id: SessionID, invite: IncomingInvite)] = []
  var opened: [(id: ConnectionID, to: SocketAddress)] = []
  var secured: [(id: ConnectionID, to: SocketAddress, domain: String)] = []
  var closed: [ConnectionID] = []
  var closedListeners: [ListenerID] = []
  var resolving: [(id: ResolutionID, host: String)] = []
  /// SRV and NAPTR questions.
  var asking: [(id: ResolutionID, name: String)] = []
  var routing: [SocketAddress] = []
  var refused: [UInt16] = []
  var limited: [Limit] = []
  /// The sessions of our own INVITEs.
  var calls: [SessionID] = []
  private var taken = 0

  init(
    seed: UInt64 = 1, listeners: [Transport] = [.udp, .tcp],
    _ change: (inout Settings) -> Void = { _ in }
  ) {
    var settings = Settings()
    change(&settings)
    agent = UserAgent(random: RandomSource(seed: seed), settings: settings)
    start = now
    if listeners.contains(.udp) { agent.listening(Bench.udp, .udp, local: Bench.local) }
    if listeners.contains(.tcp) { agent.listening(Bench.tcp, .tcp, local: Bench.local) }
    if listeners.contains(.tls) { agent.listening(Bench.tls, .tls, local: Bench.localTLS) }
  }

  func drain() {
    while let effect = agent.nextEffect() {
      switch effect {
      case .send(let listener, let to, let bytes):
        sent.append(Sent(at: now, to: to, connection: nil, listener: listener, bytes: bytes))
      case .sendStream(let id, let bytes):
        sent.append(Sent(at: now, to: nil, connection: id, bytes: bytes))
      case .openStream(let id, let to): opened.append((id, to))
      case .openSecured(let id, let to, let domain):
        secured.append((id, to, String(decoding: domain, as: UTF8.self)))
      case .closeStream(let id): closed.append(id)
      case .closeListener(let id):
        closedListeners.append(id)
        agent.listenerClosed(id)
      case .resolve(let id, let host):
        resolving.append((id, String(decoding: host, as: UTF8.self)))
      case .findServices(let id, let name), .findPointers(let id, let name):
        asking.append((id, String(decoding: name, as: UTF8.self)))
      case .findRoute(let to): routing.append(to)
      case .incoming(let id, let invite): incoming.append((id, invite))
      case .session(let id, let event): events.append((id, event))
      case .refused(_, let code, _, _): refused.append(code)
      case .limited(let limit): limited.append(limit)
      case .message, .judged, .confirmed: break
      }
    }
  }

  /// Lets time pass, firing each deadline at its exact instant.
  func advance(_ interval: Interval) {
    let end = now + interval
    while let deadline = agent.nextDeadline, deadline.instant <= end {
      now = max(now, deadline.instant)
      agent.timePassed(at: now)
      drain()
    }
    now = end
    drain()
  }

  func receive(
    _ text: String, from source: SocketAddress = Bench.peer, listener: ListenerID = Bench.udp
  ) {
    receive(Array(text.utf8), from: source, listener: listener)
  }

  func receive(
    _ bytes: [UInt8], from source: SocketAddress = Bench.peer, listener: ListenerID = Bench.udp,
    local: SocketAddress = Bench.local
  ) {
    bytes.withUnsafeBytes {
      agent.datagram($0, on: listener, from: source, local: local, at: now)
    }
    drain()
  }

  /// One that has waited too long for its turn.
  func receiveOverdue(_ text: String) {
    Array(text.utf8).withUnsafeBytes {
      agent.datagram(
        $0, on: Bench.udp, from: Bench.peer, local: Bench.local, isOverdue: true, at: now)
    }
    drain()
  }

  func receive(_ text: String, on connection: ConnectionID) {
    Array(text.utf8).withUnsafeBytes { agent.streamBytes($0, on: connection, at: now) }
    drain()
  }

  /// What transactions count for.
  var octets: Int { agent.transactions.servers.octets + agent.transactions.clients.octets }

  /// What was sent since the last time this was asked.
  func news() -> [Sent] {
    defer { taken = sent.count }
    return Array(sent[taken...])
  }

  var eventNames: [String] { events.map { Bench.name($0.event) } }

  static func name(_ event: SessionEvent) -> String {
    let text = "\(event)"
    return String(text.prefix { $0 != "(" })
  }

  // Our INVITE.

  func call(
    to target: String = "sip:bob@10.0.0.2", body: String = "v=0\r\n", headers: [HeaderLine] = [],
    credentials: Credentials? = nil
  ) -> SessionID {
    let id = agent.invite(
      OutgoingInvite(
        target: Array(target.utf8), from: Array("\"Alice\" <sip:alice@10.0.0.1>".utf8),
        to: Array("<\(target)>".utf8), callID: agent.makeCallID(), headers: headers,
        body: Array(body.utf8), credentials: credentials), at: now)
    calls.append(id)
    drain()
    return id
  }

  func end(_ id: SessionID, reasons: [String] = []) {
    agent.end(id, reasons: reasons.map { Array($0.utf8) }, at: now)
    drain()
  }

  /// The peer's answer to a request of ours.
  func answer(
    _ request: Sent, _ code: Int, tag: String = "bob", contact: String = "<sip:bob@10.0.0.2>",
    extra: [String] = [], body: String = "", type: String = "application/sdp"
  ) -> String {
    var lines = ["SIP/2.0 \(code) Whatever"]
    lines += request.headers("Via").map { "Via: \($0)" }
    lines.append("From: \(request.header("From"))")
    let to = request.header("To")
    lines.append(to.contains(";tag=") || tag.isEmpty ? "To: \(to)" : "To: \(to);tag=\(tag)")
    lines.append("Call-ID: \(request.header("Call-ID"))")
    lines.append("CSeq: \(request.header("CSeq"))")
    if code > 100, code < 300, !contact.isEmpty { lines.append("Contact: \(contact)") }
    lines += extra
    if !body.isEmpty { lines.append("Content-Type: \(type)") }
    lines.append("Content-Length: \(body.utf8.count)")
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
  }

  /// A request of the peer inside the dialog that our INVITE made.
  func request(
    _ method: String, inDialogOf invite: Sent, tag: String = "bob", cseq: Int = 1,
    branch: String = "z9hG4bKpeer1", extra: [String] = [], body: String = "",
    type: String = "application/sdp"
  ) -> String {
    var lines = ["\(method) sip:alice@10.0.0.1 SIP/2.0"]
    lines.append("Via: SIP/2.0/UDP 10.0.0.2:5060;branch=\(branch);rport")
    lines.append("Max-Forwards: 70")
    lines.append("From: \(invite.header("To"));tag=\(tag)")
    lines.append("To: \(invite.header("From"))")
    lines.append("Call-ID: \(invite.header("Call-ID"))")
    lines.append("CSeq: \(cseq) \(method)")
    lines += extra
    if !body.isEmpty { lines.append("Content-Type: \(type)") }
    lines.append("Content-Length: \(body.utf8.count)")
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
  }

  /// A request of the peer as caller.
  func callerRequest(
    _ method: String, toTag: String = "", cseq: Int = 1, branch: String = "z9hG4bKcaller1",
    callID: String = "caller-1", uri: String = "sip:alice@10.0.0.1", extra: [String] = [],
    body: String = "", type: String = "application/sdp", transport: String = "UDP",
    fromTag: String = "carol"
  ) -> String {
    var lines = ["\(method) \(uri) SIP/2.0"]
    lines.append("Via: SIP/2.0/\(transport) 10.0.0.2:5060;branch=\(branch);rport")
    lines.append("Max-Forwards: 70")
    lines.append(
      "From: \"Carol\" <sip:carol@10.0.0.2>" + (fromTag.isEmpty ? "" : ";tag=\(fromTag)"))
    lines.append("To: <sip:alice@10.0.0.1>" + (toTag.isEmpty ? "" : ";tag=\(toTag)"))
    lines.append("Call-ID: \(callID)")
    lines.append("CSeq: \(cseq) \(method)")
    if method == "INVITE" { lines.append("Contact: <sip:carol@10.0.0.2:5060>") }
    lines += extra
    if !body.isEmpty { lines.append("Content-Type: \(type)") }
    lines.append("Content-Length: \(body.utf8.count)")
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
  }

  /// Nothing may be left once every timer of RFC 3261 has run out (I-S6).
  func expectQuiet(_ comment: Comment? = nil) {
    advance(.seconds(200))
    #expect(agent.census.sessions == 0, comment)
    #expect(agent.census.transactions == 0, comment)
    #expect(agent.census.streams == 0, comment)
    #expect(agent.nextDeadline == nil, comment)
  }
}
