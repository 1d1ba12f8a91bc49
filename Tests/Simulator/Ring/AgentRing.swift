import RCMLAgent
import RCMLBasics
import RCMLRehearsal
import RCMLSIP

/// Several agents that dial each other and themselves, one caller and one phone, all in one virtual time: what becomes of
/// one INVITE among servers whose documents name each other (spec Y-6, RFC 5393).
final class AgentRing {
  enum Arrival {
    case datagram(to: SocketAddress, from: SocketAddress, [UInt8])
    case answer(agent: Int, ExchangeID)
    case action(() -> Void)
  }

  static func place(_ port: UInt16) -> SocketAddress {
    SocketAddress(ipv4: 0x7f00_0001, port: port)
  }

  static func sdp(port: Int) -> [UInt8] {
    Array(
      """
      v=0\r
      o=phone 1 1 IN IP4 127.0.0.1\r
      s=-\r
      c=IN IP4 127.0.0.1\r
      t=0 0\r
      m=audio \(port) RTP/AVP 0 8 101\r
      a=rtpmap:0 PCMU/8000\r
      a=rtpmap:8 PCMA/8000\r
      a=rtpmap:101 telephone-event/8000\r
      a=sendrecv\r

      """.utf8)
  }

  static let caller = AgentRing.place(5070)
  /// It answers.
  static let phone = AgentRing.place(5080)
  /// It rings and never answers.
  static let ringing = AgentRing.place(5081)
  /// It hears nothing.
  static let silent = AgentRing.place(5082)

  let agents: [Agent]
  /// What stands between all of them may change what goes by.
  var proxy: ([UInt8]) -> [UInt8] = { $0 }
  /// And what it does to datagrams.
  var network = RingNetwork()
  /// What the web says to whoever asks.
  var page = "<Response/>"
  private(set) var now = Instant(nanoseconds: 1_000_000_000)
  private(set) var lastSent = Instant(nanoseconds: 0)
  /// INVITEs of the agents, each once.
  private(set) var invites: [String] = []
  private var branches: Set<String> = []
  /// Legs under way, of each agent; and the most there ever were at once at one of them.
  private var legs: [Int]
  private(set) var mostLegs = 0
  private(set) var legCodes: [UInt16] = []
  private(set) var callerEvents: [SessionEvent] = []
  private var arrivals: [(at: Instant, order: Int, arrival: Arrival)] = []
  private var order = 0
  private var phones: [(address: SocketAddress, userAgent: UserAgent)] = []
  private var call: SessionID?

  init(seed: UInt8 = 1, documents: [String], settings: [(String, String)] = []) {
    agents = documents.map { _ in Agent() }
    legs = documents.map { _ in 0 }
    for (index, agent) in agents.enumerated() {
      agent.handle(
        .started(
          entropy: Array(repeating: seed &+ UInt8(index) &* 17, count: 32),
          wall: WallClock(unixMicroseconds: 1_727_874_309_000_000, at: now)), at: now)
      for (name, value) in [("media", "direct")] + settings {
        _ = agent.perform(.set(name: name, value: value), at: now)
      }
      agent.handle(.network(.listening(ListenerID(1), .udp, local: place(index))), at: now)
      _ = agent.perform(
        .defaultDocument(.text(Array(documents[index].utf8), baseURL: "http://w/")), at: now)
    }
    for address in [AgentRing.caller, AgentRing.phone, AgentRing.ringing] {
      let userAgent = UserAgent(
        random: RandomSource(seed: UInt64(address.port) << 8 | UInt64(seed)), settings: Settings())
      userAgent.listening(ListenerID(1), .udp, local: address)
      phones.append((address, userAgent))
    }
    drain()
  }

  func place(_ agent: Int) -> SocketAddress { AgentRing.place(5060 + UInt16(agent)) }

  /// `<Sip>` of users of agents: `a@0` is user a of the first one.
  static func dial(_ targets: String..., attributes: String = "") -> String {
    dial(targets, attributes: attributes)
  }

  static func dial(_ targets: [String], attributes: String = "", of each: String = "") -> String {
    let nouns = targets.map { target in
      let parts = target.split(separator: "@")
      let port = 5060 + (Int(parts[1]) ?? 0)
      return "<Sip \(each)>sip:\(parts[0])@127.0.0.1:\(port)</Sip>"
    }
    return "<Response><Dial \(attributes)>\(nouns.joined())</Dial></Response>"
  }

  // MARK: the caller

  func callFirst(maxBreadth: UInt8? = nil) {
    let to = Array("sip:a@127.0.0.1:5060".utf8)
    let userAgent = phones[0].userAgent
    var invite = OutgoingInvite(
      target: to, from: Array("<sip:eve@127.0.0.1>".utf8), to: to,
      callID: userAgent.makeCallID(), body: AgentRing.sdp(port: 4000))
    invite.trail.maxBreadth = maxBreadth
    call = userAgent.invite(invite, at: now)
    drain()
  }

  func cancel() {
    if let call { phones[0].userAgent.end(call, reasons: [], at: now) }
    drain()
  }

  var callerCode: UInt16? {
    for event in callerEvents {
      switch event {
      case .answered(let code, _, _), .rejected(let code, _, _, _, _): return code
      default: continue
      }
    }
    return nil
  }

  /// Nothing of anything is left anywhere.
  var isQuiet: Bool {
    agents.allSatisfy { $0.census == Agent.Census() }
  }

  // MARK: time

  func after(_ interval: Interval, _ action: @escaping () -> Void) {
    arrive(.action(action), after: interval)
  }

  func run(_ interval: Interval) {
    let end = now + interval
    drain()
    while let next = nextInstant, next <= end {
      now = max(now, next)
      step()
    }
    now = end
  }

  private func arrive(_ arrival: Arrival, after delay: Interval = .milliseconds(1)) {
    order += 1
    arrivals.append((now + delay, order, arrival))
  }

  private var nextInstant: Instant? {
    let deadlines =
      agents.map { $0.nextDeadline?.instant } + phones.map { $0.userAgent.nextDeadline?.instant }
    return (deadlines.compactMap { $0 } + arrivals.map(\.at)).min()
  }

  private func step() {
    let due = arrivals.filter { $0.at <= now }.sorted { ($0.at, $0.order) < ($1.at, $1.order) }
    if due.isEmpty {
      for agent in agents where agent.nextDeadline.map({ $0.instant <= now }) ?? false {
        agent.handle(.timePassed, at: now)
      }
      for phone in phones where phone.userAgent.nextDeadline.map({ $0.instant <= now }) ?? false {
        phone.userAgent.timePassed(at: now)
      }
      return drain()
    }
    arrivals.removeAll { $0.at <= now }
    for one in due {
      deliver(one.arrival)
      drain()
    }
  }

  private func deliver(_ arrival: Arrival) {
    switch arrival {
    case .datagram(let to, let from, let bytes):
      bytes.withUnsafeBytes { octets in
        if let index = agents.indices.first(where: { place($0) == to }) {
          agents[index].handle(
            .network(.datagram(ListenerID(1), from: from, local: to, bytes: octets)), at: now)
        } else if let phone = phones.first(where: { $0.address == to }) {
          phone.userAgent.datagram(octets, on: ListenerID(1), from: from, local: to, at: now)
        }
      }
    case .answer(let agent, let id):
      let answer = HTTPAnswer(
        status: 200, contentType: "text/xml", location: "", body: Array(page.utf8))
      agents[agent].handle(.web(id, .answered(answer)), at: now)
    case .action(let action): action()
    }
  }

  private func drain() {
    for index in agents.indices {
      while let output = agents[index].nextOutput() { perform(output, of: index) }
      mostLegs = max(mostLegs, legs[index])
    }
    for phone in phones {
      while let effect = phone.userAgent.nextEffect() { perform(effect, of: phone.address) }
    }
  }

  private func perform(_ output: Output, of agent: Int) {
    switch output {
    case .network(.send(_, let destination, let bytes)): send(bytes, place(agent), destination)
    case .web(let id, .begin): arrive(.answer(agent: agent, id), after: .milliseconds(20))
    case .tell(.onCall(_, .legStatus(_, let status))):
      switch status.event {
      case .initiated: legs[agent] += 1
      case .completed:
        legs[agent] -= 1
        if let code = status.sipCode { legCodes.append(code) }
      case .ringing, .answered: break
      }
    case .network, .names, .web, .media, .tell: break
    }
  }

  private func send(_ bytes: [UInt8], _ from: SocketAddress, _ to: SocketAddress) {
    lastSent = now
    let text = String(decoding: bytes, as: UTF8.self)
    if text.hasPrefix("INVITE"),
      let line = text.split(separator: "\r\n").first(where: { $0.hasPrefix("Via") }),
      branches.insert(String(line)).inserted
    {
      invites.append(text)
    }
    transmit(proxy(bytes), from, to)
  }

  private func transmit(_ bytes: [UInt8], _ from: SocketAddress, _ to: SocketAddress) {
    for delay in network.delays() {
      arrive(.datagram(to: to, from: from, bytes), after: delay)
    }
  }

  private func perform(_ effect: UserAgentEffect, of address: SocketAddress) {
    guard let userAgent = phones.first(where: { $0.address == address })?.userAgent else { return }
    switch effect {
    case .send(_, let destination, let bytes):
      transmit(bytes, address, destination)
    case .incoming(let id, _):
      userAgent.ring(id, code: 180, body: [], at: now)
      guard address == AgentRing.phone else { return }
      after(.milliseconds(300)) { [self] in
        userAgent.accept(id, body: AgentRing.sdp(port: 6000), headers: [], at: now)
      }
    case .session(_, let event): if address == AgentRing.caller { callerEvents.append(event) }
    case .openStream, .openSecured, .sendStream, .closeStream, .closeListener, .resolve,
      .findServices, .findPointers, .findRoute, .refused, .message, .judged, .limited, .confirmed:
      break
    }
  }
}
