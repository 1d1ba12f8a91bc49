import RCMLBasics
import RCMLSIP

/// Whole messages out of the pieces that streams brought and took: what is not whole waits for the rest.
struct StreamMessages {
  private var received: [ConnectionID: StreamFramer] = [:]
  private var sent: [ConnectionID: StreamFramer] = [:]
  private var peers: [ConnectionID: Peer] = [:]

  private struct Peer {
    let address: String
    var isSecured = false
    var names = ""
  }

  mutating func opened(_ id: ConnectionID, _ peer: SocketAddress) {
    peers[id] = Peer(address: JournalWords.address(peer))
  }

  /// Who the peer proved to be (spec T-8).
  mutating func secured(_ id: ConnectionID, by names: [UInt8]) {
    peers[id]?.isSecured = true
    peers[id]?.names = String(decoding: names, as: UTF8.self)
  }

  func isSecured(_ id: ConnectionID) -> Bool { peers[id]?.isSecured ?? false }

  /// `tcp:192.0.2.7:5060`, `tls:192.0.2.7:5061 (sip.example.com)`.
  func place(of id: ConnectionID) -> String {
    guard let peer = peers[id] else { return "tcp:" }
    guard peer.isSecured else { return "tcp:" + peer.address }
    return "tls:" + peer.address + (peer.names.isEmpty ? "" : " (\(peer.names))")
  }

  mutating func closed(_ id: ConnectionID) {
    received[id] = nil
    sent[id] = nil
    peers[id] = nil
  }

  mutating func take(_ id: ConnectionID, _ bytes: [UInt8], isSent: Bool) -> [[UInt8]] {
    if isSent { return StreamMessages.cut(bytes, &sent[id, default: StreamFramer()]) }
    return StreamMessages.cut(bytes, &received[id, default: StreamFramer()])
  }

  private static func cut(_ bytes: [UInt8], _ framer: inout StreamFramer) -> [[UInt8]] {
    bytes.withUnsafeBytes { framer.received($0) }
    var whole: [[UInt8]] = []
    while let message = framer.nextOctets() { whole.append(message) }
    return whole
  }
}
