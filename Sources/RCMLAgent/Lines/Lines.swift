import RCMLBasics
import RCMLDial
import RCMLSIP

/// Everything that leads to parties: the dialogs of the user agent, and the host's own lines beside them. What a call
/// wants of a party it wants here, and nobody above asks what kind of party it is.
final class Lines {
  /// What the lines have to say to those above.
  enum Event {
    case incoming(SessionID, IncomingInvite)
    case happened(LineEvent, LineID)
    /// A limit has refused something (spec Y-13).
    case limited(Limit)
  }

  private var userAgent: UserAgent
  private let hostLines: HostLines
  private let outputs: OutputQueue
  /// Addresses we listen on, in the order they were bound: the host of our own identities.
  private var listeners: [(id: ListenerID, local: SocketAddress)] = []
  private(set) var openResolutions = 0
  /// Messages are events for the host (`transport_log`).
  private var tellsMessages: Bool

  init(random: RandomSource, settings: Settings, outputs: OutputQueue) {
    userAgent = UserAgent(random: random, settings: settings)
    hostLines = HostLines(outputs: outputs)
    self.outputs = outputs
    tellsMessages = settings.transportLog
  }

  func start(random: RandomSource, settings: Settings) {
    userAgent = UserAgent(random: random, settings: settings)
  }

  func apply(_ settings: Settings) {
    userAgent.apply(settings)
    tellsMessages = settings.transportLog
  }

  func memoryIs(full: Bool) { userAgent.memoryIs(full: full) }

  /// No new calls.
  func drain() { userAgent.drain() }

  /// Replay only: what becomes of the next caller's credentials, which its journal does not hold.
  func foresee(_ verdict: UInt8) { userAgent.foresee(verdict) }

  /// The last datagram left nothing behind (spec Y-7, `journal_refusals`).
  var metStranger: Bool { userAgent.metStranger }

  var nextDeadline: Deadline? { userAgent.nextDeadline }
  var census: UserAgent.Census { userAgent.census }
  var counters: UserAgentCounters { userAgent.counters }

  func timePassed(at now: Instant) {
    if let due = userAgent.nextDeadline, due.instant <= now { userAgent.timePassed(at: now) }
  }

  // MARK: what a party is to do

  /// True: this was the answer to the caller's offer for good (RFC 3262 §5).
  func ring(_ line: LineID, code: UInt16, sdp: [UInt8], at now: Instant) -> Bool {
    switch line {
    case .sip(let session):
      return userAgent.ring(session, code: code, body: sdp, at: now)
    case .host(let line):
      hostLines.perform(.ring(code: code, sdp: sdp), on: line)
      return false
    }
  }

  /// The caller has an answer from a provisional response that it acknowledged (RFC 3262 §5).
  func hasAnswer(_ line: LineID) -> Bool {
    switch line {
    case .sip(let session): userAgent.hasAnswer(session)
    case .host: false
    }
  }

  func answer(_ line: LineID, sdp: [UInt8], at now: Instant) {
    switch line {
    case .sip(let session): userAgent.accept(session, body: sdp, headers: [], at: now)
    case .host(let line):
      let isAnswer = hostLines[line]?.bringsOffer ?? true
      hostLines.perform(.answer(sdp: sdp, isAnswer: isAnswer), on: line)
    }
  }

  /// `reason`: for the host, where the party is its own.
  func reject(
    _ line: LineID, code: UInt16, phrase: [UInt8], reasons: [[UInt8]] = [],
    because reason: Reason, at now: Instant
  ) {
    switch line {
    case .sip(let session):
      userAgent.reject(
        session, code: code, phrase: phrase, headers: reasons.map { HeaderLine("Reason", $0) },
        at: now)
    case .host(let line):
      hostLines.perform(
        .reject(code: code, phrase: String(decoding: phrase, as: UTF8.self), reason), on: line)
    }
  }

  func end(
    _ line: LineID, reasons: [[UInt8]] = [], because reason: Reason, at now: Instant
  ) {
    switch line {
    case .sip(let session): userAgent.end(session, reasons: reasons, at: now)
    case .host(let line): hostLines.perform(.end(reason), on: line)
    }
  }

  // MARK: a change of its media

  func offer(_ line: LineID, sdp: [UInt8], at now: Instant) {
    switch line {
    case .sip(let session): userAgent.offer(session, body: sdp, at: now)
    case .host(let line): hostLines.perform(.offer(sdp: sdp), on: line)
    }
  }

  func answerOffer(_ line: LineID, sdp: [UInt8], at now: Instant) {
    switch line {
    case .sip(let session): userAgent.answerOffer(session, body: sdp, at: now)
    case .host(let line): hostLines.perform(.accept(sdp: sdp), on: line)
    }
  }

  func refuseOffer(_ line: LineID, code: UInt16, at now: Instant) {
    switch line {
    case .sip(let session): userAgent.refuseOffer(session, code: code, at: now)
    case .host(let line): hostLines.perform(.refuse(code: code), on: line)
    }
  }

  /// False: it is on its way, or there is none.
  func withdrawOffer(_ line: LineID) -> Bool {
    switch line {
    case .sip(let session): userAgent.withdrawOffer(session)
    case .host(let line): hostLines[line]?.withdrawOffer() ?? false
    }
  }

  /// One that is on its way is cancelled (spec U-54). The host is not told: it answers what it was asked, and is then
  /// asked for the session as it is.
  func cancelOffer(_ line: LineID, at now: Instant) {
    switch line {
    case .sip(let session): userAgent.cancelOffer(session, at: now)
    case .host: break
    }
  }

  /// Where its signalling comes from (spec U-67). A line of the host's has no address that anybody could know.
  func peer(of line: LineID) -> SocketAddress? {
    switch line {
    case .sip(let session): userAgent.peer(of: session)
    case .host: nil
    }
  }

  /// Where our end of the party's media is, as it was told of it.
  func ownAddress(of line: LineID) -> OwnAddress? {
    switch line {
    case .sip(let session): userAgent.ownAddress(of: session)
    case .host(let line): hostLines[line]?.ownAddress
    }
  }

  /// From now on the party is told of streams of our own (spec T-5).
  func placeMedia(of line: LineID) {
    switch line {
    case .sip(let session): userAgent.placeMedia(of: session)
    case .host(let line): hostLines[line]?.placeMedia()
    }
  }

  // MARK: keys

  /// A party on a line of the host's is told of a key of the other one (spec Q-30); a phone hears it.
  func tellKey(_ key: UInt8, to line: LineID) {
    if case .host(let line) = line { hostLines.perform(.hear(key: key), on: line) }
  }

  /// To a phone whose media does not come by here; a line of the host's knows no INFO (spec U-62).
  func send(_ info: InfoBody, to line: LineID, at now: Instant) {
    guard case .sip(let session) = line else { return }
    userAgent.sendInfo(session, contentType: info.contentType, body: info.octets, at: now)
  }

  // MARK: two parties

  /// INFO and MESSAGE pass between two dialogs (spec U-25, U-26); a line of the host's knows neither.
  func join(_ line: LineID, _ other: LineID) {
    if case .sip(let one) = line, case .sip(let other) = other { userAgent.join(one, other) }
  }

  func part(_ line: LineID, _ other: LineID) {
    if case .sip(let one) = line, case .sip(let other) = other { userAgent.part(one, other) }
  }

  /// From now on this party may transfer the other one (spec D-14, U-40).
  func allowTransfer(_ line: LineID) {
    if case .sip(let session) = line { userAgent.takeRefer(session, true) }
  }

  func confirmTransfer(_ line: LineID, at now: Instant) {
    if case .sip(let session) = line { userAgent.referFinished(session, code: 200, at: now) }
  }

  // MARK: dialogs

  func makeCallID() -> [UInt8] { userAgent.makeCallID() }

  func invite(_ invite: OutgoingInvite, at now: Instant) -> LineID {
    .sip(userAgent.invite(invite, at: now))
  }

  /// An INVITE that never becomes a call.
  func refuse(_ session: SessionID, code: UInt16, phrase: String, at now: Instant) {
    userAgent.reject(session, code: code, phrase: Array(phrase.utf8), headers: [], at: now)
  }

  func giveCredentials(_ session: SessionID, _ credentials: Credentials?, at now: Instant) {
    userAgent.giveCredentials(session, credentials, at: now)
  }

  func redirect(
    _ session: SessionID, isAllowed: Bool, to uri: [UInt8]? = nil,
    with credentials: Credentials? = nil, at now: Instant
  ) {
    userAgent.redirect(session, isAllowed: isAllowed, to: uri, with: credentials, at: now)
  }

  // MARK: lines of the host's

  func addHostLine(_ line: HostLine) -> LineID { .host(hostLines.add(line)) }

  func call(_ invite: HostInvite, on line: LineID) {
    if case .host(let line) = line { hostLines.call(invite, on: line) }
  }

  /// `remote`: where the party's sound is.
  func findWay(to line: LineID, at remote: SocketAddress?) {
    if case .host(let line) = line { hostLines.findWay(to: line, at: remote) }
  }

  /// The host's line behind an id; a dialog is none.
  func hostLine(_ line: LineID) -> Result<HostLine, Refusal> {
    switch line {
    case .sip: .failure(.notHosts)
    case .host(let line): hostLines[line].map { .success($0) } ?? .failure(.gone)
    }
  }

  /// How a party speaks when it speaks in frames.
  func frameMedia(of line: LineID) -> HostMedia? {
    guard case .host(let line) = line, let media = hostLines[line]?.media, media.isFrames else {
      return nil
    }
    return media
  }

  /// What the host says of a party of its own.
  func hear(_ report: HostPartyReport, on line: LineID) -> Result<Void, Refusal> {
    switch line {
    case .sip: .failure(.notHosts)
    case .host(let line):
      hostLines.hear(report, on: line) ? .success(()) : .failure(.hostState)
    }
  }

  // MARK: the network

  /// The first address we listen on that is one.
  var localAddress: SocketAddress {
    listeners.first { !$0.local.isWildcard }?.local ?? SocketAddress(ipv4: 0, port: 0)
  }

  func handle(_ input: NetworkInput, at now: Instant) {
    switch input {
    case .listening(let id, let transport, let local):
      listeners.append((id, local))
      userAgent.listening(id, transport, local: local)
    case .listenerShown(let id, let place): userAgent.listenerShown(id, as: place)
    case .listenerClosed(let id):
      listeners.removeAll { $0.id == id }
      userAgent.listenerClosed(id)
    case .listenerLeaves(let id):
      listeners.removeAll { $0.id == id }
      userAgent.listenerLeaves(id, at: now)
    case .datagram(let id, let source, let local, let bytes):
      userAgent.datagram(bytes, on: id, from: source, local: local, at: now)
    case .datagramOverdue(let id, let source, let local, let bytes):
      userAgent.datagram(
        bytes, on: id, from: source, local: local, isOverdue: true, at: now)
    case .datagramRefused(let id, let destination, let failure):
      userAgent.datagramRefused(on: id, to: destination, because: failure, at: now)
    case .streamAccepted(let id, let listener, let local, let remote):
      userAgent.streamAccepted(id, on: listener, local: local, remote: remote, at: now)
    case .streamSecured(let id, let names): userAgent.streamSecured(id, peer: names)
    case .streamConnected(let id, let local):
      userAgent.streamConnected(id, local: local, at: now)
    case .streamFailed(let id, let failure):
      userAgent.streamFailed(id, because: failure, at: now)
    case .streamBytes(let id, let bytes):
      userAgent.streamBytes(bytes, on: id, at: now)
    case .streamClosed(let id):
      userAgent.streamClosed(id, at: now)
    case .routeFound(let destination, let local):
      userAgent.routeFound(to: destination, local: local, at: now)
      hostLines.routeFound(to: destination, local: local)
    }
  }

  func handle(_ answer: NameAnswer, to id: ResolutionID, at now: Instant) {
    openResolutions -= 1
    switch answer {
    case .addresses(let addresses): userAgent.resolved(id, addresses, at: now)
    case .services(let records): userAgent.servicesFound(id, records, at: now)
    case .pointers(let records): userAgent.pointersFound(id, records, at: now)
    case .failed(let failure): userAgent.resolutionFailed(id, because: failure, at: now)
    }
  }

  /// The next thing that concerns a call; what only goes out has gone out by then.
  func nextEvent() -> Event? {
    while let effect = userAgent.nextEffect() {
      switch effect {
      case .incoming(let session, let invite): return .incoming(session, invite)
      case .limited(let limit): return .limited(limit)
      case .confirmed(let session): return .happened(.confirmed, .sip(session))
      case .session(let session, let event):
        return .happened(LineEvent(event), .sip(session))
      case .send, .openStream, .openSecured, .sendStream, .closeStream, .closeListener, .resolve,
        .findServices, .findPointers, .findRoute, .judged, .refused, .message:
        put(effect)
      }
    }
    return hostLines.popEvent().map { .happened($0.event, .host($0.line)) }
  }

  private func put(_ effect: UserAgentEffect) {
    switch effect {
    case .send(let listener, let destination, let bytes):
      outputs.append(.network(.send(listener, to: destination, bytes: bytes)))
    case .openStream(let id, let destination):
      outputs.append(.network(.openStream(id, to: destination)))
    case .openSecured(let id, let destination, let domain):
      outputs.append(.network(.openSecured(id, to: destination, domain: domain)))
    case .sendStream(let id, let bytes):
      outputs.append(.network(.sendStream(id, bytes: bytes)))
    case .closeStream(let id): outputs.append(.network(.closeStream(id)))
    case .closeListener(let id): outputs.append(.network(.closeListener(id)))
    case .resolve(let id, let host):
      openResolutions += 1
      outputs.append(.names(.addresses(id, host: host)))
    case .findServices(let id, let name):
      openResolutions += 1
      outputs.append(.names(.services(id, name: name)))
    case .findPointers(let id, let name):
      openResolutions += 1
      outputs.append(.names(.pointers(id, name: name)))
    case .findRoute(let destination): outputs.append(.network(.findRoute(to: destination)))
    case .judged(let verdict): outputs.record(.verdict(verdict))
    case .refused(let words, let status, let source, let code):
      outputs.tell(.refused(Reason(code, "\(words)", sipStatus: status), from: source))
    case .message(let sent, let transport, let local, let peer, let bytes):
      // For the host's eyes, and for whoever else looks: credentials are masked (spec A-8).
      let masked = SecretMask().message(bytes)
      if tellsMessages {
        outputs.tell(.message(sent: sent, transport, peer: peer, text: masked))
      }
      outputs.mirror.add(
        MirroredMessage(
          isSent: sent, transport: transport, local: local, peer: peer, bytes: masked))
    case .incoming, .session, .limited, .confirmed: break
    }
  }
}
