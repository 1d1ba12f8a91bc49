import RCMLAgent
import RCMLBasics

/// Datagrams and streams between agent and phones, with the faults of this world.
extension World {
  var isCalm: Bool { now - start >= .milliseconds(scenario.faults.calmAfter) }

  // Datagrams.

  func datagram(_ bytes: [UInt8], to destination: SocketAddress) {
    if watch.reach.hosts.contains(destination.low) { return datagramToNAT(bytes, destination) }
    guard let phone = phoneIndex[destination] else {
      // Nobody there: some networks say so.
      if network.chance(50) { agenda.add(.icmp(destination), at: now + .milliseconds(5)) }
      return
    }
    guard !isCut(phone, isTowardsPhone: true) else { return }
    for delay in fates() { agenda.add(.datagramToPhone(bytes, phone: phone), at: now + delay) }
  }

  /// A phone behind a NAT gets what comes by a port that is its own.
  private func datagramToNAT(_ bytes: [UInt8], _ destination: SocketAddress) {
    guard let phone = phones.firstIndex(where: { $0.address.low == destination.low }),
      !isCut(phone, isTowardsPhone: true)
    else { return }
    let delays = fates()
    guard !delays.isEmpty,
      let verdict = phones[phone].nat?.receive(at: destination.port, at: now)
    else { return }
    watch.reached(verdict, phones[phone].name, mayExpire: mayExpire)
    guard verdict == .admitted else { return }
    for delay in delays { agenda.add(.datagramToPhone(bytes, phone: phone), at: now + delay) }
  }

  /// Nobody, or not every packet, keeps the ports of NATs open.
  private var mayExpire: Bool {
    scenario.faults.drop > 0 || scenario.faults.cut != nil
      || scenario.settings.last { $0.name == "keepalive" }?.value == "0"
  }

  private func datagramToAgent(_ bytes: [UInt8], from phone: Int) {
    guard !isCut(phone, isTowardsPhone: false) else { return }
    let source = phones[phone].source(at: now)
    for delay in fates() {
      agenda.add(.datagramToAgent(bytes, from: phone, source: source), at: now + delay)
    }
  }

  /// When copies of a datagram arrive; none = it is lost.
  private func fates() -> [Interval] {
    if let delays = course?.delays() { return delays }
    let faults = scenario.faults
    var delays: [Interval] = []
    if !isCalm, network.chance(faults.drop) { return [] }
    let copies = !isCalm && network.chance(faults.duplicate) ? 2 : 1
    for _ in 0..<copies {
      var delay = network.within(faults.delay)
      if !isCalm, network.chance(faults.late) { delay += network.below(faults.latest) }
      delays.append(.milliseconds(delay))
    }
    return delays
  }

  private func isCut(_ phone: Int, isTowardsPhone: Bool) -> Bool {
    guard let cut = scenario.faults.cut, cut.phone == phone, cut.isTowardsPhone == isTowardsPhone
    else { return false }
    let since = (now - start).wholeMilliseconds
    return since >= cut.begin && since < cut.begin + cut.length
  }

  func toAgent(_ bytes: [UInt8], from phone: Int, source: SocketAddress) {
    if let message = SipText(bytes) {
      watch.delivered(message, isStream: false)
      watch.reachDelivered(message, from: source)
    }
    digest.comment("from \(phones[phone].name)", at: now, bytes)
    bytes.withUnsafeBytes { octets in
      hand(.network(.datagram(World.udp, from: source, local: World.agentAddress, bytes: octets)))
    }
  }

  // Streams.

  func openStream(_ id: ConnectionID, to destination: SocketAddress) {
    let delay = Interval.milliseconds(network.within(scenario.faults.delay))
    let isRefused = !isCalm && network.chance(scenario.faults.refuse)
    if destination.low >> 16 == 0xc0a8, !watch.streamsFailed {
      watch.fail(.reach, "a connection to an address that only an inner network knows")
    }
    guard let phone = phoneIndex[destination], !phones[phone].isGone, !isRefused else {
      watch.streamsFailed = true
      streams[id] = nil
      agenda.add(.streamRefused(id), at: now + delay)
      return
    }
    // Nothing travels on a connection before it stands, at either end.
    streams[id] = Stream(phone: phone, toAgent: now + delay, toPhone: now + delay)
    agenda.add(.streamOpened(id), at: now + delay)
  }

  func streamOpened(_ id: ConnectionID) {
    guard streams[id]?.isOpen == true else { return }
    streams[id]?.isReady = true
    if id.number % 2 == 0 {
      let local = SocketAddress(ipv4: 0x0a00_0001, port: 40_000 + UInt16(id.number % 20_000))
      hand(.network(.streamConnected(id, local: local)))
    } else if let phone = streams[id]?.phone {
      var remote = phones[phone].address
      remote.port = 40_000 + UInt16(id.number % 20_000)
      hand(.network(.streamAccepted(id, World.tcp, local: World.agentAddress, remote: remote)))
      if isSecured {
        streams[id]?.isSecured = true
        hand(.network(.streamSecured(id, peer: Array("\(phones[phone].name).example".utf8))))
      }
    }
  }

  /// Cuts octets into pieces and sends each on its way, in order.
  func write(_ said: [UInt8], on id: ConnectionID, towards phone: Int? = nil) {
    let bytes = phone == nil ? secured(said) : said
    guard var stream = streams[id], stream.isOpen else { return }
    let faults = scenario.faults
    var rest = bytes[...]
    while !rest.isEmpty {
      let isCutHere = !isCalm && network.chance(faults.pieces)
      let piece = Array(isCutHere ? rest.prefix(network.within(1...rest.count)) : rest)
      rest = rest.dropFirst(piece.count)
      var delay = Interval.milliseconds(network.within(faults.delay))
      if !isCalm, network.chance(faults.stall) {
        delay = .milliseconds(network.within(500...8_000))
        watch.streamsFailed = true
      }
      if phone != nil {
        stream.toPhone = max(stream.toPhone, now + delay)
        agenda.add(.streamToPhone(id, piece), at: stream.toPhone)
      } else {
        stream.toAgent = max(stream.toAgent, now + delay)
        agenda.add(.streamToAgent(id, piece), at: stream.toAgent)
      }
    }
    if phone == nil {
      stream.written += bytes.count
      if let message = SipText(bytes) { stream.coming.append((stream.written, message)) }
    }
    streams[id] = stream
    if !isCalm, network.chance(faults.reset) {
      watch.streamsFailed = true
      agenda.add(.streamReset(id), at: now + .milliseconds(network.within(0...2_000)))
    }
  }

  func streamToAgent(_ id: ConnectionID, _ bytes: [UInt8]) {
    guard streams[id]?.isOpen == true else { return }
    streams[id]?.arrived += bytes.count
    while let stream = streams[id], let first = stream.coming.first, first.end <= stream.arrived {
      streams[id]?.coming.removeFirst()
      digest.comment("from \(phones[stream.phone].name)", at: now, first.message.bytes)
      watch.delivered(first.message, isStream: true)
    }
    bytes.withUnsafeBytes { hand(.network(.streamBytes(id, bytes: $0))) }
  }

  func streamToPhone(_ id: ConnectionID, _ bytes: [UInt8]) {
    guard let stream = streams[id], stream.isOpen else { return }
    streams[id]?.unread += bytes
    while let message = takeMessage(id) {
      phones[stream.phone].received(message, over: .stream(id))
      carry(stream.phone)
      learn(message, stream.phone)
    }
  }

  /// The first whole message of what a phone has read.
  private func takeMessage(_ id: ConnectionID) -> SipText? {
    guard var unread = streams[id]?.unread else { return nil }
    unread.removeFirst(unread.prefix { $0 == 13 || $0 == 10 }.count)
    streams[id]?.unread = unread
    let end = Array("\r\n\r\n".utf8)
    guard unread.count > 4,
      let head = (0...(unread.count - 4)).first(where: { unread[$0...].starts(with: end) }),
      let message = SipText(Array(unread[..<(head + 4)]))
    else { return nil }
    let length = head + 4 + (message.contentLength ?? 0)
    guard unread.count >= length else { return nil }
    streams[id]?.unread = Array(unread[length...])
    return SipText(Array(unread[..<length]))
  }

  func streamReset(_ id: ConnectionID) {
    guard let stream = streams[id], stream.isOpen else { return }
    streams[id]?.isOpen = false
    if stream.isReady {
      hand(.network(.streamClosed(id)))
    } else if id.number % 2 == 0 {
      hand(.network(.streamFailed(id, .refused)))
    }
  }

  // Phones.

  /// Does what a phone wants done.
  func carry(_ index: Int) {
    let phone = phones[index]
    while !phone.outbox.isEmpty {
      let actions = phone.outbox
      phone.outbox = []
      for action in actions {
        switch action {
        case .wake(let after, let timer): agenda.add(.phone(index, timer), at: now + after)
        case .listens(let call, let fork, let port, let video):
          listens(index, call, fork, port, video)
        case .send(let bytes, .datagram): datagramToAgent(bytes, from: index)
        case .send(let bytes, .stream(let id)): write(bytes, on: usable(id, of: index))
        }
      }
    }
  }

  /// The connection asked for, while it stands; else the phone's last one; else a new one.
  private func usable(_ id: ConnectionID?, of phone: Int) -> ConnectionID {
    if let id, streams[id]?.isOpen == true { return id }
    let mine = streams.filter { $0.value.phone == phone && $0.value.isOpen }.keys
    if let last = mine.max(by: { $0.number < $1.number }) { return last }
    let new = ConnectionID(nextStream)
    nextStream += 2
    streams[new] = Stream(phone: phone, toAgent: now + .milliseconds(1), toPhone: now)
    agenda.add(.streamOpened(new), at: now + .milliseconds(1))
    return new
  }
}
