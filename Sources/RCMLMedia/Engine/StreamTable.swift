import RCMLBasics

/// The streams by their slots and numbers, and which of them are joined. What passes between two streams is worked out
/// here, when a description or a partner changes.
final class StreamTable {
  /// By the slot the reactor gave.
  private var rows: [MediaStream?] = []
  private var slots: [MediaID: Int] = [:]
  /// The reactor numbers its sockets without holes.
  private static let slotLimit = 1 << 20

  var count: Int { slots.count }

  subscript(slot: Int) -> MediaStream? { slot >= 0 && slot < rows.count ? rows[slot] : nil }
  subscript(id: MediaID) -> MediaStream? { slots[id].flatMap { rows[$0] } }

  /// Nil: the slot, or the number, is somebody's already.
  func open(
    _ id: MediaID, slot: Int, random: inout RandomSource, at now: Instant
  ) -> MediaStream? {
    guard slot >= 0, slot < StreamTable.slotLimit, slots[id] == nil else { return nil }
    while rows.count <= slot { rows.append(nil) }
    guard rows[slot] == nil else { return nil }
    let stream = MediaStream(id: id, slot: slot, random: &random, at: now)
    rows[slot] = stream
    slots[id] = slot
    return stream
  }

  /// The stream that was there.
  func close(_ id: MediaID) -> MediaStream? {
    part(id)
    guard let slot = slots.removeValue(forKey: id), let stream = rows[slot] else { return nil }
    rows[slot] = nil
    return stream
  }

  func describe(_ id: MediaID, _ description: StreamDescription, at now: Instant) -> MediaStream? {
    guard let stream = self[id] else { return nil }
    if stream.describe(description, at: now) { peer(of: stream)?.startNumbersAnew() }
    map(stream)
    return stream
  }

  func join(_ first: MediaID, _ second: MediaID, _ join: MediaCommand.Join) {
    guard let one = self[first], let other = self[second], one !== other else { return }
    part(first)
    part(second)
    one.join(other.slot, withheldKey: join.withheldKey)
    other.join(one.slot, withheldKey: 0)
    map(one)
  }

  func part(_ id: MediaID) {
    guard let stream = self[id], let peer = peer(of: stream) else { return }
    for one in [stream, peer] {
      one.part()
      one.map(towards: nil)
    }
  }

  @inline(__always)
  func peer(of stream: MediaStream) -> MediaStream? {
    guard let slot = stream.peer else { return nil }
    return self[slot]
  }

  /// What passes between a stream and its peer, both ways.
  private func map(_ stream: MediaStream) {
    let peer = peer(of: stream)
    stream.map(towards: peer)
    peer?.map(towards: stream)
  }
}
