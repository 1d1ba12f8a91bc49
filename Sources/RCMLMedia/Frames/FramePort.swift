import RCMLBasics

/// What stands in the place of a socket for a party that speaks in frames of 20 ms: frames become the packets of a
/// phone, and the packets for that phone become frames. To the engine it is a phone like any other.
public final class FramePort {
  public static let samples = 160
  /// Where such a party says it is: this machine's discard service. Nothing is ever sent there, its stream has no socket.
  public static let address = SocketAddress(ipv4: 0x7f00_0001, port: 9)

  public let media: HostMedia
  private let law: G711.Law
  private var playout = FramePlayout()
  private var header: RTPHeader
  private var pushedAt: Instant?
  private var packet = [UInt8](repeating: 0, count: 12 + samples + PacketSecrecy.growth)
  private var frame = [Int16](repeating: 0, count: samples)

  /// A pause in the frames that is longer is a pause in the packets, too.
  static let pause = Interval.milliseconds(200)

  /// Nil: not a party that speaks in frames.
  public init?(_ media: HostMedia, random: inout RandomSource) {
    guard media.isFrames else { return nil }
    self.media = media
    law = media == .pcma ? .a : .mu
    header = RTPHeader(
      payloadType: law.rawValue, marker: true,
      sequence: UInt16(truncatingIfNeeded: random.next()),
      timestamp: UInt32(truncatingIfNeeded: random.next()),
      source: UInt32(truncatingIfNeeded: random.next()))
  }

  /// One frame of the party, as a packet that lives as long as `body`, with `PacketSecrecy.growth` octets behind it; nil: its
  /// length is not that of a frame.
  public func push<Result>(
    _ octets: UnsafeRawBufferPointer, at now: Instant,
    _ body: (UnsafeMutableRawBufferPointer) -> Result
  ) -> Result? {
    guard octets.count == media.frameOctets else { return nil }
    if let pushedAt {
      let passed = now - pushedAt
      let isPause = passed > FramePort.pause
      header.marker = isPause
      header.sequence &+= 1
      header.timestamp &+=
        isPause
        ? UInt32(truncatingIfNeeded: passed.nanoseconds / 125_000) : UInt32(FramePort.samples)
    }
    pushedAt = now
    return packet.withUnsafeMutableBytes { room in
      let whole = UnsafeMutableRawBufferPointer(rebasing: room[..<(12 + FramePort.samples)])
      _ = header.write(to: whole)
      let payload = UnsafeMutableRawBufferPointer(rebasing: whole[12...])
      if media == .linear16 {
        // A host's buffer need not lie where 16-bit numbers may.
        for place in 0..<FramePort.samples {
          payload[place] = G711.encode(
            octets.loadUnaligned(fromByteOffset: place * 2, as: Int16.self), law)
        }
      } else {
        payload.copyMemory(from: octets)
      }
      return body(whole)
    }
  }

  /// A packet for the party. What is not the codec it speaks is not for it.
  public func take(_ packet: UnsafeRawBufferPointer) {
    guard let header = RTPHeader.read(packet), header.payloadType == law.rawValue else { return }
    playout.put(
      UnsafeRawBufferPointer(rebasing: packet[header.payload]), law, timestamp: header.timestamp)
  }

  /// The next frame for the party. False: nothing has come for it yet, and `octets` are as they were; or their number is
  /// not that of a frame.
  public func pull(into octets: UnsafeMutableRawBufferPointer) -> Bool {
    guard playout.isActive, octets.count == media.frameOctets else { return false }
    frame.withUnsafeMutableBufferPointer { samples in
      playout.take(into: samples)
      if media == .linear16 {
        for place in 0..<FramePort.samples {
          octets.storeBytes(of: samples[place], toByteOffset: place * 2, as: Int16.self)
        }
      } else {
        G711.encode(UnsafeBufferPointer(samples), law, into: octets)
      }
    }
    return true
  }
}
