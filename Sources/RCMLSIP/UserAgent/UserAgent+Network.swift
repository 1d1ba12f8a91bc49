import RCMLBasics

/// Listeners and datagrams.
extension UserAgent {
  package mutating func listening(_ id: ListenerID, _ transport: Transport, local: SocketAddress) {
    listeners.removeAll { $0.id == id }
    listeners.append(
      Listener(id: id, transport: transport, local: local, shown: shownText(of: local)))
  }

  package mutating func listenerClosed(_ id: ListenerID) { listeners.removeAll { $0.id == id } }

  /// Spec T-5: the address packets leave from, or the setting; empty for the wildcard.
  func shownText(of local: SocketAddress) -> [UInt8] {
    if !settings.publicAddress.isEmpty {
      var writer = ByteWriter(capacity: settings.publicAddress.count + 6)
      writer.append(settings.publicAddress)
      writer.append(UInt8(ascii: ":"))
      writer.append(decimal: UInt64(local.port))
      return writer.bytes
    }
    return local.isWildcard ? [] : local.hostPortText
  }

  package mutating func datagram(
    _ bytes: UnsafeRawBufferPointer, on listener: ListenerID, from source: SocketAddress,
    local: SocketAddress, at now: Instant
  ) {
    timePassed(before: now)
    let flow = Flow.datagram(listener, remote: source)
    switch MessageReader.read(bytes, over: .udp) {
    case .keepAlive:
      break
    case .malformed(let malformed):
      counters.messagesReceived &+= 1
      trace(sent: false, .udp, source, traced(bytes))
      refuse(malformed, over: flow, at: now)
    case .message(let message):
      counters.messagesReceived &+= 1
      trace(sent: false, .udp, source, traced(bytes))
      let shown = shownLocal(listener, local)
      take(message, Path(flow: flow, shown: shown), local: local, at: now)
    }
    dropStaleDeadlines()
  }

  private func shownLocal(_ id: ListenerID, _ local: SocketAddress) -> [UInt8] {
    if let listener = listeners.first(where: { $0.id == id }), !listener.shown.isEmpty {
      return listener.shown
    }
    return local.hostPortText
  }

  /// An ICMP error: whatever waits for an answer from there has failed (spec T-2, T-6).
  package mutating func datagramRefused(
    on listener: ListenerID, to destination: SocketAddress, at now: Instant
  ) {
    timePassed(before: now)
    for number in clientsByDestination[destination] ?? [] {
      guard let client = clients[number] else { continue }
      transportFailed(client, at: now)
    }
    dropStaleDeadlines()
  }

  mutating func take(_ message: Message, _ path: Path, local: SocketAddress, at now: Instant) {
    if message.isRequest {
      takeRequest(message, path, local: local, at: now)
    } else {
      takeResponse(message, at: now)
    }
  }
}
