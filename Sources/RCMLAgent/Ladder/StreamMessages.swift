import RCMLBasics
import RCMLSIP

/// Whole messages out of the pieces that streams brought and took: what is not whole waits for the rest.
struct StreamMessages {
  private var received: [ConnectionID: StreamFramer] = [:]
  private var sent: [ConnectionID: StreamFramer] = [:]
  private var peers: [ConnectionID: String] = [:]

  mutating func opened(_ id: ConnectionID, _ peer: SocketAddress) {
    peers[id] = JournalWords.address(peer)
  }

  func peer(of id: ConnectionID) -> String? { peers[id] }

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
