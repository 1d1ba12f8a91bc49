import RCMLAgent
import RCMLBasics

/// Makes calls once, with phones and a web server, and writes down every input of the agent: to be handed in again
/// without them.
final class Rehearsal {
  private let kind: CallKind
  private let agent: Agent
  private var now = Instant(nanoseconds: 1_000_000_000)
  private var agenda: [(at: Instant, order: Int, event: Event)] = []
  private var order = 0
  private var nextPort: UInt16 = 20_000
  private(set) var steps: [(Instant, Step)] = []
  /// Where each call begins among the steps.
  private(set) var beginnings: [Int] = []
  private(set) var ended = 0
  private(set) var messages = 0
  private(set) var bridged = 0

  private enum Event {
    case call(Int)
    case datagram(SocketAddress, [UInt8])
    case step(Step)
  }

  /// Calls begin every 100 ms: what lingers of 320 of them is there at any time.
  init(_ kind: CallKind, calls: Int) {
    self.kind = kind
    agent = Step.agent(kind)
    let start = now
    for call in 0..<calls { add(.call(call), after: .milliseconds(100 * call)) }
    while let next = [agenda.first?.at, agent.nextDeadline?.instant].compactMap({ $0 }).min() {
      now = max(now, next)
      if agenda.first.map({ $0.at <= now }) == true {
        happen(agenda.removeFirst().event)
      } else if ended < calls || now - start < .milliseconds(100 * calls) {
        hand(.time)
      } else {
        break
      }
    }
  }

  private func add(_ event: Event, after: Interval) {
    let at = now + after
    let place = agenda.firstIndex { at < $0.at } ?? agenda.count
    agenda.insert((at, order, event), at: place)
    order += 1
  }

  private func happen(_ event: Event) {
    switch event {
    case .call(let number):
      beginnings.append(steps.count)
      invite(number)
    case .datagram(let source, let bytes):
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 8)
      copy.copyBytes(from: bytes)
      messages += 1
      hand(.datagram(from: source, UnsafeRawBufferPointer(copy)))
    case .step(let step): hand(step)
    }
  }

  private func hand(_ step: Step) {
    steps.append((now, step))
    step.hand(to: agent, at: now)
    while let output = agent.nextOutput() { carryOut(output) }
  }

  private func carryOut(_ output: Output) {
    switch output {
    case .send(_, let destination, let bytes):
      messages += 1
      let message = Wire(bytes)
      if destination == Rehearsal.caller {
        callerHears(message)
      } else {
        calleeHears(message, destination)
      }
    case .findRoute(let destination): hand(.route(destination))
    case .exchange(let id, let exchange):
      let body = Array(CallKind.page(exchange.url).utf8)
      let answer = HTTPAnswer(status: 200, contentType: "text/xml", location: "", body: body)
      add(.step(.web(id, answer)), after: .milliseconds(5))
    case .media(.open(let id)):
      hand(.opened(id, port: nextPort))
      nextPort = nextPort < 60_000 ? nextPort + 2 : 20_000
    case .tell(.ended): ended += 1
    case .tell(.dialEnded(_, let result)): bridged += result.bridged ? 1 : 0
    case .openStream, .sendStream, .closeStream, .resolve, .findServices, .findPointers,
      .useNameServers, .abortExchange, .media, .tell:
      break
    }
  }

  // MARK: the caller

  private static let caller = SocketAddress(ipv4: 0x0a00_0101, port: 5060)

  private func send(_ bytes: [UInt8], from: SocketAddress, after: Int) {
    add(.datagram(from, bytes), after: .milliseconds(after))
  }

  private func invite(_ number: Int) {
    let headers = [
      "Via: SIP/2.0/UDP 10.0.1.1:5060;branch=z9hG4bKinvite\(number);rport",
      "From: \"Caller\" <sip:caller@10.0.1.1>;tag=from\(number)", "To: <sip:service@10.0.0.1>",
      "Call-ID: benchcall\(number)", "CSeq: 1 INVITE", "Contact: <sip:caller@10.0.1.1:5060>",
      "Allow: INVITE, ACK, CANCEL, BYE", "User-Agent: bench",
    ]
    send(
      Wire.request("INVITE", "sip:service@10.0.0.1", headers, Wire.session("10.0.1.1")),
      from: Rehearsal.caller, after: 0)
  }

  private func callerHears(_ message: Wire) {
    guard message.code == 200, message.method == "INVITE" else { return }
    let (call, target) = (message.header("Call-ID"), message.address("Contact"))
    func headers(_ sequence: Int, _ method: String) -> [String] {
      [
        "Via: SIP/2.0/UDP 10.0.1.1:5060;branch=z9hG4bK\(method)\(call);rport",
        "From: " + message.header("From"), "To: " + message.header("To"), "Call-ID: " + call,
        "CSeq: \(sequence) \(method)",
      ]
    }
    send(Wire.request("ACK", target, headers(1, "ACK")), from: Rehearsal.caller, after: 1)
    send(Wire.request("BYE", target, headers(2, "BYE")), from: Rehearsal.caller, after: 500)
  }

  // MARK: the called

  private func calleeHears(_ message: Wire, _ own: SocketAddress) {
    guard message.code == nil else { return }
    let place = Int(own.low & 255)
    let host = "10.0.2.\(place)"
    let contact = "sip:callee@\(host):5060"
    let tag = "to\(place)" + message.header("Call-ID").prefix(8)
    switch message.method {
    case "INVITE":
      send(message.response(100, tag: tag), from: own, after: 1)
      send(message.response(180, tag: tag, contact: contact), from: own, after: 2)
      invites[message.header("Call-ID")] = message
      guard place == kind.targets else { return }
      send(
        message.response(200, tag: tag, contact: contact, Wire.session(host)), from: own, after: 30)
    case "CANCEL":
      send(message.response(200, tag: tag), from: own, after: 1)
      if let invite = invites[message.header("Call-ID")] {
        send(invite.response(487, tag: tag), from: own, after: 1)
      }
    case "ACK" where kind == .screened: press(message, own, host)
    case "BYE": send(message.response(200, tag: tag), from: own, after: 1)
    default: break
    }
  }

  private var invites: [String: Wire] = [:]

  private func press(_ ack: Wire, _ own: SocketAddress, _ host: String) {
    guard let invite = invites[ack.header("Call-ID")] else { return }
    let headers = [
      "Via: SIP/2.0/UDP \(host):5060;branch=z9hG4bKinfo\(ack.header("Call-ID"));rport",
      "From: " + ack.header("To"), "To: " + ack.header("From"),
      "Call-ID: " + ack.header("Call-ID"), "CSeq: 1 INFO",
    ]
    send(
      Wire.request(
        "INFO", invite.address("Contact"), headers, "Signal=1\r\nDuration=160\r\n"),
      from: own, after: 100)
  }
}
