import RCMLBasics

/// All media of an agent behind one value without clock, socket or file (MediaEngine.md): packets in and out, sounds,
/// keys, recordings.
///
/// Signalling gives commands and is told events; neither side knows the other. What is done is done by the parts; here it
/// is only said which of them hears of what, and in which order.
public final class MediaEngine {
  let streams = StreamTable()
  let alarms = Alarms()
  /// Packets the parts made, until `clearOutbox`.
  public let outbox = Outbox()
  private let notices = Notices()
  private let path: PacketPath
  private let speaker: Speaker
  private let recordings: RecordingDesk
  private let reporter: Reporter
  private let silence: SilenceWatch
  private var random: RandomSource

  public init(random: RandomSource, wall: WallClock) {
    self.random = random
    path = PacketPath(streams, notices)
    speaker = Speaker(streams, alarms, outbox, notices)
    recordings = RecordingDesk(streams, alarms, notices)
    reporter = Reporter(alarms, outbox, notices, wall)
    silence = SilenceWatch(alarms, notices)
  }

  /// Somebody keeps a trace, and wants to know how parties are heard.
  public func tellReception() { reporter.tellsReception = true }

  /// What became of packets, for metrics.
  public struct Counters: Hashable, Sendable {
    public var received: UInt64 = 0
    public var relayed: UInt64 = 0
    public var played: UInt64 = 0
    /// From an address nobody named, and nobody vouches for.
    public var strange: UInt64 = 0
    /// Not RTP, or a payload type nobody agreed on.
    public var malformed: UInt64 = 0
    /// Rightly sent to somebody who is not joined to anybody.
    public var unwanted: UInt64 = 0
    /// A key that ends the bridge (spec L-34).
    public var withheld: UInt64 = 0
  }

  public var counters: Counters {
    var counters = path.counters
    counters.played = speaker.sent
    return counters
  }

  /// Streams, playbacks and recordings still there; zero when nothing is left. Sounds are kept for the next call.
  public var count: Int { streams.count + speaker.count + recordings.count }

  /// Whether this machine can hear keys in sound at all (`StreamDescription.hearsKeys`). The first to ask waits until
  /// libspandsp is loaded.
  public var hearsKeysHere: Bool { KeyListener.isThere }

  // MARK: packets

  /// One RTP packet as it was read. Its octets may be changed, and so may be `growth` octets behind them, which a packet
  /// to a party with keys needs (`PacketSecrecy.growth`); a result says where they go on to, and how many.
  @inline(__always)
  public func receive(
    slot: Int, from: SocketAddress, packet: UnsafeMutableRawBufferPointer, growth: Int = 0,
    at now: Instant
  ) -> Forward? {
    path.receive(slot: slot, from: from, packet: packet, growth: growth, at: now)
  }

  /// One RTCP packet. A result says where it goes on to, from the port for RTCP.
  @discardableResult
  public func receiveControl(
    slot: Int, from: SocketAddress, packet: UnsafeRawBufferPointer, at now: Instant
  ) -> Forward? {
    path.receiveControl(slot: slot, from: from, packet: packet, at: now)
  }

  /// The packets were sent.
  public func clearOutbox() { outbox.clear() }

  // MARK: what is told

  public func nextOutput() -> MediaOutput? { notices.takeNext() }

  // MARK: what is wanted

  /// The stream's sockets are bound; `slot` is where the reactor finds them without a search.
  public func open(_ id: MediaID, slot: Int, at now: Instant) {
    guard let stream = streams.open(id, slot: slot, random: &random, at: now) else { return }
    reporter.expectReport(of: stream, at: now)
    recordings.opened(stream)
  }

  /// A sound that was read, by whoever read it.
  public func keep(_ id: SoundID, _ samples: [Int16]) { speaker.keep(id, samples) }

  /// Its samples, if it is kept.
  public func sound(_ id: SoundID) -> [Int16]? { speaker.sound(id) }

  /// A command about something that is not there is about something that has just ended: nothing happens.
  public func perform(_ command: MediaCommand, at now: Instant) {
    switch command {
    // What these need of the machine is done by whoever drives this.
    case .usePorts, .open, .openFrames, .load: break
    case .forget(let id): speaker.forget(id)
    case .describe(let id, let description):
      guard let stream = streams.describe(id, description, at: now) else { return }
      silence.watch(stream, at: now)
    case .close(let id):
      guard let stream = streams.close(id) else { return }
      reporter.closed(stream)
      speaker.forget(stream)
      recordings.closed(stream, at: now)
    case .join(let first, let second, let join): streams.join(first, second, join)
    case .part(let id): streams.part(id)
    case .play(let id, let playback, let items): speaker.play(id, playback, items, at: now)
    case .stop(let playback): speaker.stop(playback, at: now)
    case .record(let id, let plan, _): recordings.record(id, plan, at: now)
    case .recordAlso(let id, let other): recordings.recordAlso(id, other)
    case .endRecording(let id), .discardRecording(let id): recordings.end(id, at: now)
    }
  }

  /// The reactor could not write: the recording ends with its next step.
  public func recordingFailed(_ id: RecordingID, at now: Instant) {
    recordings.fail(id, at: now)
  }

  /// The machine's clock was set.
  public func set(_ wall: WallClock) { reporter.set(wall) }

  // MARK: time

  public var nextDeadline: Instant? { alarms.next }

  public func timePassed(at now: Instant) {
    while let entry = alarms.popFirst(dueAt: now) {
      let due = entry.instant
      switch entry.owner {
      case .frame(let slot):
        if let stream = streams[slot] { speaker.sendFrame(of: stream, due: due, at: now) }
      case .report(let slot):
        if let stream = streams[slot] { reporter.report(stream, due: due, at: now) }
      case .silence(let slot):
        if let stream = streams[slot] { silence.check(stream, due: due, at: now) }
      case .recording(let id): recordings.step(id, due: due, at: now)
      }
    }
  }
}
