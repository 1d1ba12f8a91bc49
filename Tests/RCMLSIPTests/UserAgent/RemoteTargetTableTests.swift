import RCMLBasics
import Testing

@testable import RCMLSIP

/// `RemoteTarget.table.md`, row by row: for every setting, Contact, transport, Route and message a call is made, and its
/// next request is looked at. A combination without a row, or with two, is a fault of the table.
@Suite struct RemoteTargetTableTests {
  private let contacts = [
    "inner", "linklocal", "linklocal6", "shared", "unique", "near", "same", "outer", "name",
  ]
  private let messages = [
    "INVITE", "183", "200", "re-INVITE", "200 to re-INVITE", "UPDATE", "200 to UPDATE",
  ]

  // [U-64]
  @Test(arguments: ["off", "private", "always"]) func everyRequestGoesWhereTheTableSays(
    setting: String
  ) throws {
    let table = try StateTable("Dialog/RemoteTarget.table.md")
    var used: Set<Int> = []
    for contact in contacts {
      for transport in ["udp", "tcp"] {
        for route in ["none", "recorded"] {
          for message in messages {
            let combination = [
              "setting": setting, "Contact": contact, "transport": transport, "Route": route,
              "message": message,
            ]
            let rows = table.rows.indices.filter { index in
              combination.allSatisfy {
                table.rows[index][$0.key] == "*" || table.rows[index][$0.key] == $0.value
              }
            }
            let name = "\(setting) \(contact) \(transport) \(route) \(message)"
            #expect(rows.count == 1, "\(rows.count) rows for \(name)")
            guard let row = rows.first else { continue }
            used.insert(row)
            let scene = TargetScene(
              setting: setting, contact: contact, isStream: transport == "tcp", route: route)
            let expected = table.rows[row]["goes to"] == "source" ? "source" : scene.written
            #expect(scene.next(after: message) == expected, "\(name)")
          }
        }
      }
    }
    let rows = table.rows.indices.filter { table.rows[$0]["setting"] == setting }
    #expect(used == Set(rows), "a row that no combination reaches")
  }
}

/// One call whose peer names a Contact in one message, and where the next request goes.
private final class TargetScene {
  private let bench: Bench
  private let contact: String
  private let isStream: Bool
  private let route: String
  /// Where the message comes from that names the Contact.
  private let source: SocketAddress
  private let outside = SocketAddress(ipv4: 0xC633_6432, port: 5060)
  private let proxy = SocketAddress(ipv4: 0xC633_6463, port: 5090)
  private let first = ConnectionID(101)
  private let second = ConnectionID(103)

  init(setting: String, contact: String, isStream: Bool, route: String) {
    self.contact = contact
    source = SocketAddress(ipv4: contact == "near" ? 0x0A00_0009 : 0xCB00_7109, port: 40_000)
    self.isStream = isStream
    self.route = route
    bench = Bench {
      _ = $0.set("rewrite_contact", setting)
      _ = $0.set("keepalive", "0")
    }
    let inner = SocketAddress(ipv6High: 0xfd00_0000_0000_0000, low: 1, port: 5060)
    bench.agent.listening(ListenerID(3), .udp, local: inner)
    bench.agent.listening(ListenerID(4), .tcp, local: inner)
    guard isStream else { return }
    for (id, remote) in [(first, outside), (second, source)] {
      bench.agent.streamAccepted(
        id, on: Bench.tcp, local: Bench.local, remote: remote, at: bench.now)
    }
  }

  private var host: String {
    switch contact {
    case "inner": "10.1.2.3"
    case "linklocal": "169.254.7.7"
    case "linklocal6": "[fe80::9]"
    case "shared": "100.64.1.1"
    case "unique": "[fd00::9]"
    case "near": "10.9.9.9"
    case "same": "203.0.113.9"
    case "outer": "198.51.100.7"
    default: "phone.example"
    }
  }

  private var suffix: String { isStream ? ";transport=tcp" : "" }
  private var named: String { "<sip:bob@\(host):5062\(suffix)>" }
  private var recorded: [String] {
    route == "recorded" ? ["Record-Route: <sip:198.51.100.99:5090\(suffix);lr>"] : []
  }

  /// Where a request goes that goes where its Contact or its Route says.
  var written: String {
    if route == "recorded" { return "198.51.100.99:5090" }
    return contact == "name" ? "phone.example" : "\(host):5062"
  }

  // MARK: - What happens

  func next(after message: String) -> String {
    switch message {
    case "INVITE":
      let id = called(by: named, from: source, second)
      return ended(id)
    case "183", "200": return answered(message)
    case "re-INVITE":
      let id = called(by: "<sip:bob@198.51.100.50\(suffix)>", from: outside, first)
      receive(
        request("INVITE", cseq: 2, extra: ["Contact: \(named)"], body: "v=0\r\n"), from: source,
        second)
      bench.agent.answerOffer(id, body: Array("v=0\r\n".utf8), at: bench.now)
      bench.drain()
      receive(request("ACK", cseq: 2), from: source, second)
      return ended(id)
    case "UPDATE":
      let id = called(by: "<sip:bob@198.51.100.50\(suffix)>", from: outside, first)
      receive(request("UPDATE", cseq: 2, extra: ["Contact: \(named)"]), from: source, second)
      return ended(id)
    case "200 to re-INVITE":
      let id = called(by: "<sip:bob@198.51.100.50\(suffix)>", from: outside, first)
      bench.agent.offer(id, body: Array("v=0\r\n".utf8), at: bench.now)
      respond(to: lastRequest("INVITE"), 200, from: source, second)
      return destination("ACK")
    default:
      let id = called(by: "<sip:bob@198.51.100.50\(suffix)>", from: outside, first)
      bench.advance(.seconds(50))
      respond(to: lastRequest("UPDATE"), 200, from: source, second)
      return ended(id)
    }
  }

  private func answered(_ message: String) -> String {
    _ = bench.call(to: "sip:bob@203.0.113.9:39999\(suffix)")
    let invite = lastRequest("INVITE")
    guard message == "183" else {
      respond(to: invite, 200, from: source, second)
      return destination("ACK")
    }
    respond(to: invite, 183, from: source, second, extra: ["Require: 100rel", "RSeq: 1"])
    return destination("PRACK")
  }

  private func called(
    by contact: String, from source: SocketAddress, _ connection: ConnectionID
  ) -> SessionID {
    let extra =
      recorded + ["Supported: timer", "Session-Expires: 90;refresher=uas", "Allow: UPDATE"]
    let text = request("INVITE", cseq: 1, extra: extra + ["Contact: \(contact)"], body: "v=0\r\n")
    receive(text, from: source, connection)
    let id = bench.incoming[0].id
    bench.agent.accept(id, body: Array("v=0\r\n".utf8), headers: [], at: bench.now)
    bench.drain()
    receive(request("ACK", cseq: 1), from: source, connection)
    return id
  }

  private func ended(_ id: SessionID) -> String {
    bench.end(id)
    return destination("BYE")
  }

  // MARK: - Messages

  private func request(
    _ method: String, cseq: Int, extra: [String] = [], body: String = ""
  ) -> String {
    let tag = bench.sent.last { $0.short == "200 INVITE" }?.tag ?? ""
    return bench.callerRequest(
      method, toTag: tag, cseq: cseq, branch: "z9hG4bK\(method)\(cseq)", extra: extra, body: body,
      transport: isStream ? "TCP" : "UDP"
    ).replacing("Contact: <sip:carol@10.0.0.2:5060>\r\n", with: "")
  }

  private func respond(
    to request: Bench.Sent?, _ code: Int, from source: SocketAddress, _ connection: ConnectionID,
    extra: [String] = []
  ) {
    guard let request else { return }
    let text = bench.answer(
      request, code, contact: named, extra: extra + recorded, body: "v=0\r\n")
    receive(text, from: source, connection)
  }

  private func receive(
    _ text: String, from source: SocketAddress, _ connection: ConnectionID
  ) {
    if isStream {
      bench.receive(text, on: connection)
    } else {
      bench.receive(text, from: source)
    }
  }

  /// The request that went out last, once the connection it may wait for is open.
  private func lastRequest(_ method: String) -> Bench.Sent? {
    connect()
    return bench.sent.last { $0.method == method }
  }

  private func connect() {
    bench.drain()
    for (id, to) in bench.opened where to == outside || to == proxy || to.port == 39_999 {
      bench.agent.streamConnected(id, local: Bench.local, at: bench.now)
    }
    bench.drain()
  }

  /// Where the request of this method went, or where it is trying to go.
  private func destination(_ method: String) -> String {
    bench.drain()
    if route == "recorded", isStream, let id = bench.opened.last?.id, bench.opened.last?.to == proxy
    {
      bench.agent.streamConnected(id, local: Bench.local, at: bench.now)
      bench.drain()
    }
    if let sent = bench.sent.last(where: { $0.method == method }) {
      if sent.connection == second || sent.to == source { return "source" }
      if let to = sent.to { return to.text }
      return bench.opened.first { $0.id == sent.connection }?.to.text ?? "some connection"
    }
    if contact == "name", let host = bench.resolving.last?.host { return host }
    return bench.opened.last?.to.text ?? "nowhere"
  }
}
