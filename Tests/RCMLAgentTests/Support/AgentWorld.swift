import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia
import RCMLSIP
import Simulator
import Testing

@testable import RCMLAgent

/// An agent under test, phones around it, a web that answers by script, all in one virtual time. Packets take a
/// millisecond; nothing is lost unless a test says so.
final class AgentWorld {
  enum Arrival {
    case datagram(to: SocketAddress, from: SocketAddress, [UInt8])
    case streamAccepted(SocketAddress, ConnectionID, from: SocketAddress)
    case streamConnected(SocketAddress, ConnectionID, local: SocketAddress)
    case streamFailed(SocketAddress, ConnectionID, NetworkFailure)
    case streamBytes(SocketAddress, ConnectionID, [UInt8])
    case streamClosed(SocketAddress, ConnectionID)
    case answer(ExchangeID, Reply)
    case resolved(node: SocketAddress, ResolutionID, [SocketAddress])
    case action(() -> Void)
  }

  enum Reply {
    case answered(HTTPAnswer)
    case failed(HTTPFailure)

    static func document(_ text: String) -> Reply {
      .answered(
        HTTPAnswer(status: 200, contentType: "text/xml", location: "", body: Array(text.utf8)))
    }

    static func status(_ code: UInt16) -> Reply {
      .answered(HTTPAnswer(status: code, contentType: "", location: "", body: []))
    }
  }

  struct Request {
    var exchange: HTTPExchange
    var at: Instant
    /// Parameters of the body, or of the query of a GET.
    var parameters: [(name: String, value: String)]
    subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }
  }

  let agent = Agent()
  let address: SocketAddress
  var phones: [Phone] = []
  var now = Instant(nanoseconds: 1_000_000_000)
  var arrivals: [(at: Instant, order: Int, arrival: Arrival)] = []
  var order = 0
  var names: [String: SocketAddress] = [:]
  /// What the name server says of others; nil = nothing at all.
  var nameFailure: NameFailure? = .unknown
  /// What it says of every service; nil = it knows of none.
  var services: [ServiceRecord]?
  /// Where nobody is, and what the network says of that.
  var refusing: [SocketAddress: NetworkFailure] = [:]
  var streams: [StreamEnd: StreamEnd] = [:]
  var nextAccepted: UInt64 = 1

  let media = VirtualMedia(
    seed: 7, wall: WallClock(unixMicroseconds: 0, at: Instant(nanoseconds: 0)))
  var speakers: [SoundPhone] = []
  /// Nobody speaks any more.
  var isSilent = false
  /// Everybody who was ever sent sound.
  var sentTo: Set<SocketAddress> = []
  var soundExchanges: [ExchangeID: SoundID] = [:]
  /// A machine that is busy: commands wait here for `releaseMedia`; nil = they are obeyed at once.
  var heldMedia: [MediaCommand]?

  /// What the web says to a request; nil = it never answers.
  var web: (Request) -> Reply? = { _ in .failed(.unreachable) }
  var webDelay = Interval.milliseconds(20)
  private(set) var requests: [Request] = []
  private(set) var aborted: [ExchangeID] = []
  private(set) var events: [HostEvent] = []
  /// Everything the agent put out, for comparing two runs.
  private(set) var transcript: [UInt8] = []

  static let offer = AgentWorld.sdp(port: 4000)

  static func sdp(port: Int, direction: String = "sendrecv") -> [UInt8] {
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
      a=\(direction)\r

      """.utf8)
  }

  init(seed: UInt8 = 1, settings: [(String, String)] = [], isJournalled: Bool = false) {
    address = AgentWorld.place(5060)
    if isJournalled { agent.journal = JournalWriter(product: "test") }
    agent.handle(
      .started(
        entropy: Array(repeating: seed, count: 32),
        wall: WallClock(unixMicroseconds: 1_727_874_309_000_000, at: now)), at: now)
    for (name, value) in settings { command(.set(name: name, value: value)) }
    agent.handle(.network(.listening(ListenerID(1), .udp, local: address)), at: now)
    agent.handle(.network(.listening(ListenerID(2), .tcp, local: address)), at: now)
    drain()
  }

  static func place(_ port: UInt16) -> SocketAddress {
    SocketAddress(ipv4: 0x7f00_0001, port: port)
  }

  func phone(
    _ port: UInt16, _ script: Phone.Script = .init(), settings: [(String, String)] = []
  ) -> Phone {
    let phone = Phone(
      address: AgentWorld.place(port), script: script, settings: settings, world: self)
    phones.append(phone)
    return phone
  }

  /// The document for incoming calls.
  func document(_ text: String) {
    command(.defaultDocument(.text(Array(text.utf8), baseURL: "")))
  }

  @discardableResult
  func command(_ command: Command) -> Result<CommandResult, Refusal> {
    let result = agent.perform(command, at: now)
    drain()
    return result
  }

  // MARK: time

  func after(_ interval: Interval, _ action: @escaping () -> Void) {
    arrive(.action(action), after: interval)
  }

  func arrive(_ arrival: Arrival, after delay: Interval = .milliseconds(1)) {
    order += 1
    arrivals.append((now + delay, order, arrival))
  }

  /// Runs until `interval` has passed.
  func run(_ interval: Interval) {
    let end = now + interval
    drain()
    while let next = nextInstant, next <= end {
      now = max(now, next)
      step()
    }
    now = end
  }

  /// Runs until nothing is left to happen, at most an hour.
  func runToTheEnd() {
    let end = now + .seconds(3_600)
    drain()
    while let next = nextInstant, next <= end {
      now = max(now, next)
      step()
    }
  }

  private var nextInstant: Instant? {
    let deadlines =
      [agent.nextDeadline?.instant, media.engine.nextDeadline]
      + phones.map { $0.userAgent.nextDeadline?.instant }
    return (deadlines + arrivals.map { $0.at }).compactMap { $0 }.min()
  }

  private func step() {
    let due = arrivals.filter { $0.at <= now }.min { ($0.at, $0.order) < ($1.at, $1.order) }
    if let due {
      arrivals.removeAll { $0.order == due.order }
      deliver(due.arrival)
    } else {
      if let deadline = media.engine.nextDeadline, deadline <= now { mediaTimePassed() }
      if let deadline = agent.nextDeadline, deadline.instant <= now {
        agent.handle(.timePassed, at: now)
      }
      for phone in phones {
        if let deadline = phone.userAgent.nextDeadline, deadline.instant <= now {
          phone.userAgent.timePassed(at: now)
        }
      }
    }
    drain()
  }

  func drain() {
    while let output = agent.nextOutput() { perform(output) }
    for phone in phones { phone.drain() }
  }

  // MARK: what the agent wants

  private func perform(_ output: Output) {
    switch output {
    case .network(.send(_, let destination, let bytes)):
      transcript += bytes
      arrive(.datagram(to: destination, from: address, bytes))
    case .network(.openStream(let id, let destination)):
      open(StreamEnd(node: address, id: id), to: destination)
    case .network(.openSecured(let id, let destination, let domain)):
      agent.handle(.network(.streamSecured(id, peer: domain)), at: now)
      open(StreamEnd(node: address, id: id), to: destination)
    case .network(.sendStream(let id, let bytes)):
      transcript += bytes
      write(StreamEnd(node: address, id: id), bytes)
    case .network(.closeStream(let id)):
      close(StreamEnd(node: address, id: id))
    case .names(.addresses(let id, let host)):
      let found = names[String(decoding: host, as: UTF8.self)]
      arrive(.resolved(node: address, id, found.map { [$0] } ?? []))
    case .names(.services(let id, _)) where services != nil:
      agent.handle(.names(id, .services(services ?? [])), at: now)
    case .names(.services(let id, _)), .names(.pointers(let id, _)):
      arrive(.resolved(node: address, id, []))
    case .names(.useServers): break
    case .network(.closeListener(let id)): agent.handle(.network(.listenerClosed(id)), at: now)
    case .network(.findRoute(let destination)):
      agent.handle(.network(.routeFound(to: destination, local: address)), at: now)
    case .web(let id, .begin(let exchange)):
      transcript += Array((exchange.method + exchange.url).utf8) + exchange.body
      let request = Request(exchange: exchange, at: now, parameters: Form.parameters(of: exchange))
      requests.append(request)
      if let sound = exchange.sound { soundExchanges[id] = sound }
      if let answer = web(request) { arrive(.answer(id, answer), after: webDelay) }
    case .web(let id, .abort):
      aborted.append(id)
    case .media(let command): obey(command)
    case .tell(let event):
      transcript += Array("\(event)".utf8)
      events.append(event)
    }
  }
}

/// Enough of a form decoder to look into requests.
enum Form {
  static func parameters(of exchange: HTTPExchange) -> [(name: String, value: String)] {
    let query = exchange.url.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
    let form =
      exchange.body.isEmpty ? String(query) : String(decoding: exchange.body, as: UTF8.self)
    return form.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (decode(parts[0]), parts.count > 1 ? decode(parts[1]) : "")
    }
  }

  private static func decode(_ text: Substring) -> String {
    var octets: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let octet = rest.popFirst() {
      if octet == UInt8(ascii: "%"),
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        octets.append(value)
        rest = rest.dropFirst(2)
      } else {
        octets.append(octet == UInt8(ascii: "+") ? 32 : octet)
      }
    }
    return String(decoding: octets, as: UTF8.self)
  }
}
