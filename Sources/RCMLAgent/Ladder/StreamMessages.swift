import RCMLBasics

/// Whole messages out of the pieces that streams brought and took: what is not whole waits for the rest.
struct StreamMessages {
  private var received: [ConnectionID: [UInt8]] = [:]
  private var sent: [ConnectionID: [UInt8]] = [:]

  mutating func closed(_ id: ConnectionID) {
    received[id] = nil
    sent[id] = nil
  }

  mutating func take(_ id: ConnectionID, _ bytes: [UInt8], isSent: Bool) -> [[UInt8]] {
    var buffer = (isSent ? sent[id] : received[id]) ?? []
    var whole: [[UInt8]] = []
    buffer += bytes
    while let first = buffer.firstIndex(where: { $0 != 13 && $0 != 10 }) {
      guard let message = LadderMessage(buffer[first...]) else { break }
      whole.append(Array(buffer[first..<(first + message.length)]))
      buffer.removeFirst(first + message.length)
    }
    // What never becomes a message is not kept for ever.
    if buffer.count > 1 << 17 { buffer = [] }
    if isSent { sent[id] = buffer } else { received[id] = buffer }
    return whole
  }
}
