import RCMLBasics
import RCMLSIP

@testable import RCMLAgent

/// One end of a stream: who holds it, and by which number.
struct StreamEnd: Hashable {
  var node: SocketAddress
  var id: ConnectionID
}

extension AgentWorld {
  func phone(at place: SocketAddress) -> Phone? { phones.first { $0.address == place } }

  func open(_ end: StreamEnd, to destination: SocketAddress) {
    guard destination == address || phone(at: destination) != nil else {
      return arrive(.streamFailed(end.node, end.id, refusing[destination] ?? .refused))
    }
    let accepted = StreamEnd(node: destination, id: ConnectionID(nextAccepted))
    nextAccepted += 2
    streams[end] = accepted
    streams[accepted] = end
    arrive(.streamAccepted(destination, accepted.id, from: end.node))
    arrive(.streamConnected(end.node, end.id, local: end.node))
  }

  func write(_ end: StreamEnd, _ bytes: [UInt8]) {
    guard let other = streams[end] else { return }
    arrive(.streamBytes(other.node, other.id, bytes))
  }

  func close(_ end: StreamEnd) {
    guard let other = streams.removeValue(forKey: end) else { return }
    streams[other] = nil
    arrive(.streamClosed(other.node, other.id))
  }

  func deliver(_ arrival: Arrival) {
    switch arrival {
    case .datagram(let destination, let source, let bytes):
      bytes.withUnsafeBytes { datagram($0, to: destination, from: source) }
    case .streamAccepted(let node, let id, let source):
      if node == address {
        agent.handle(
          .network(.streamAccepted(id, ListenerID(2), local: address, remote: source)), at: now)
      } else {
        phone(at: node)?.userAgent.streamAccepted(
          id, on: ListenerID(2), local: node, remote: source, at: now)
      }
    case .streamConnected(let node, let id, let local):
      if node == address {
        agent.handle(.network(.streamConnected(id, local: local)), at: now)
      } else {
        phone(at: node)?.userAgent.streamConnected(id, local: local, at: now)
      }
    case .streamFailed(let node, let id, let failure):
      if node == address {
        agent.handle(.network(.streamFailed(id, failure)), at: now)
      } else {
        phone(at: node)?.userAgent.streamFailed(id, at: now)
      }
    case .streamBytes(let node, let id, let bytes):
      bytes.withUnsafeBytes { octets in
        if node == address {
          agent.handle(.network(.streamBytes(id, bytes: octets)), at: now)
        } else {
          phone(at: node)?.userAgent.streamBytes(octets, on: id, at: now)
        }
      }
    case .streamClosed(let node, let id):
      if node == address {
        agent.handle(.network(.streamClosed(id)), at: now)
      } else {
        phone(at: node)?.userAgent.streamClosed(id, at: now)
      }
    case .answer(let id, .answered(let answer)):
      agent.handle(.web(id, .answered(keepSound(id, answer))), at: now)
    case .answer(let id, .failed(let failure)):
      agent.handle(.web(id, .failed(failure)), at: now)
    case .resolved(let node, let id, let addresses):
      guard node == address else { return }
      if !addresses.isEmpty { return agent.handle(.names(id, .addresses(addresses)), at: now) }
      if let nameFailure { agent.handle(.names(id, .failed(nameFailure)), at: now) }
    case .action(let action):
      action()
    }
  }

  /// An INFO of the caller inside its dialog with the agent.
  func info(_ caller: Phone, _ contentType: String, _ body: String, cseq: Int) {
    guard let answer = caller.message("SIP/2.0 200") else { return }
    func line(_ name: String) -> Substring {
      answer.split(separator: "\r\n").first { $0.hasPrefix(name + ":") } ?? ""
    }
    let info = """
      INFO sip:service@127.0.0.1:5060 SIP/2.0\r
      Via: SIP/2.0/UDP 127.0.0.1:\(caller.address.port);branch=z9hG4bKinfo\(cseq);rport\r
      \(line("From"))\r
      \(line("To"))\r
      \(line("Call-ID"))\r
      CSeq: \(cseq) INFO\r
      Max-Forwards: 70\r
      Content-Type: \(contentType)\r
      Content-Length: \(body.utf8.count)\r
      \r
      \(body)
      """
    arrive(.datagram(to: address, from: caller.address, Array(info.utf8)))
  }

  private func datagram(
    _ bytes: UnsafeRawBufferPointer, to destination: SocketAddress, from source: SocketAddress
  ) {
    if destination == address {
      agent.handle(
        .network(.datagram(ListenerID(1), from: source, local: address, bytes: bytes)), at: now)
    } else if let phone = phone(at: destination) {
      phone.received(bytes)
      if phone.isDeaf { return }
      phone.userAgent.datagram(
        bytes, on: ListenerID(1), from: source, local: destination, at: now)
    } else if let failure = refusing[destination] {
      agent.handle(
        .network(.datagramRefused(ListenerID(1), to: destination, failure)), at: now)
    }
  }
}
