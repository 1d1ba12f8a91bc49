import CSystem
import RCMLBasics
import RCMLMedia

/// The sockets of all streams. A stream's sockets lie in its slot, the engine's stream in the same one, and the loop's tag
/// names it: from a packet to its stream there is no search.
final class MediaSocketTable {
  private let epoll: Int32
  private var random: RandomSource
  /// By slot.
  private(set) var all: [MediaSockets] = []
  private var freeSlots: [Int] = []
  private var slots: [MediaID: Int] = [:]
  /// The RTP ports that are ours: asking the kernel for them again would be in vain.
  private var ports: Set<UInt16> = []
  /// In the place of sockets, by their slot.
  private var framePorts: [Int: FramePort] = [:]
  /// Found out by the first stream.
  private(set) var takesIPv6 = true
  private(set) var refused: UInt64 = 0

  /// So many pairs are drawn before the search walks on from the last one.
  private static let drawn: UInt64 = 8

  init(epoll: Int32, random: RandomSource) {
    self.epoll = epoll
    self.random = random
  }

  var streamCount: Int { slots.count }
  /// Streams with sockets: frames have none.
  var portCount: Int { slots.count - framePorts.count }

  func slot(of id: MediaID) -> Int? { slots[id] }
  /// Nil: the slot is free.
  func sockets(at slot: Int) -> MediaSockets? {
    slot < all.count && all[slot].isOpen ? all[slot] : nil
  }
  func framePort(at slot: Int) -> FramePort? { framePorts[slot] }
  func useIPv4Only() { takesIPv6 = false }

  /// Where packets of link-local parties of this slot come in.
  func heard(_ slot: Int, scope: UInt32) { all[slot].scope = scope }

  /// What is sent to the stream's party leaves from the address that it was told of.
  func described(_ id: MediaID, _ description: StreamDescription) {
    guard let slot = slots[id], !all[slot].isFrames else { return }
    all[slot].source?.free()
    all[slot].source = PacketSource(
      description.own, toward: description.remote, takesIPv6: takesIPv6)
  }

  /// The slot that is the stream's from now on, and the port of its RTP; nil: there is none to be had.
  func open(_ id: MediaID, ports wanted: ClosedRange<UInt16>) -> (slot: Int, port: UInt16)? {
    guard slots[id] == nil, let pair = bind(wanted) else {
      refused &+= 1
      return nil
    }
    guard watch(pair, freeSlots.last ?? all.count) else {
      pair.close()
      refused &+= 1
      return nil
    }
    ports.insert(pair.port)
    return (put(id, pair), pair.port)
  }

  /// Nil: it is open already, or such a party speaks in no frames.
  func openFrames(_ id: MediaID, _ media: HostMedia) -> Int? {
    guard slots[id] == nil, let port = FramePort(media, random: &random) else { return nil }
    let slot = put(id, MediaSockets(isFrames: true))
    framePorts[slot] = port
    return slot
  }

  private func put(_ id: MediaID, _ pair: MediaSockets) -> Int {
    let slot = freeSlots.popLast() ?? all.count
    if slot == all.count { all.append(pair) } else { all[slot] = pair }
    slots[id] = slot
    return slot
  }

  /// Ports are drawn at random, so that nobody can aim at the next call's (failures A8). Where most are in use that finds
  /// none for long, so the search walks on from the last one drawn, once round: a pair that is free is found.
  private func bind(_ wanted: ClosedRange<UInt16>) -> MediaSockets? {
    let first = max(1, (UInt64(wanted.lowerBound) + 1) / 2)
    let end = (UInt64(wanted.upperBound) + 1) / 2
    guard first < end else { return nil }
    let count = end - first
    var place: UInt64 = 0
    for attempt in 0..<(MediaSocketTable.drawn + count) {
      place = attempt < MediaSocketTable.drawn ? random.next() % count : (place + 1) % count
      let port = UInt16(truncatingIfNeeded: (first + place) * 2)
      if ports.contains(port) { continue }
      switch bind(port) {
      case .success(let pair): return pair
      case .failure(.taken): continue
      case .failure(.noIPv6), .failure(.refused): return nil
      }
    }
    return nil
  }

  private func bind(_ port: UInt16) -> Result<MediaSockets, MediaSocketError> {
    let result = MediaSockets.bind(port: port, takesIPv6: takesIPv6)
    guard case .failure(.noIPv6) = result, takesIPv6 else { return result }
    takesIPv6 = false
    return MediaSockets.bind(port: port, takesIPv6: false)
  }

  private func watch(_ pair: MediaSockets, _ slot: Int) -> Bool {
    let number = UInt64(slot)
    return system_epoll_set(epoll, pair.audio, 1, Tag.make(Tag.media, number)) == 0
      && system_epoll_set(epoll, pair.control, 1, Tag.make(Tag.mediaControl, number)) == 0
  }

  /// After the engine has closed the stream, and its last packets have gone.
  func release(_ id: MediaID) {
    guard let slot = slots.removeValue(forKey: id) else { return }
    let pair = all[slot]
    if pair.isFrames {
      framePorts[slot] = nil
    } else {
      // A child that was forked meanwhile may still hold them: the loop must not hear of them again.
      system_epoll_remove(epoll, pair.audio)
      system_epoll_remove(epoll, pair.control)
      pair.close()
      ports.remove(pair.port)
    }
    all[slot] = MediaSockets()
    freeSlots.append(slot)
  }

  /// Closes every descriptor.
  func close() {
    for pair in all where pair.isOpen { pair.close() }
    all = []
    freeSlots = []
    slots = [:]
    ports = []
    framePorts = [:]
  }
}
