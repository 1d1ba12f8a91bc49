import RCMLBasics

@testable import RCMLMedia

/// An engine with two parties, caller and callee, and a clock of its own.
final class Studio {
  let engine = MediaEngine(
    random: RandomSource(seed: 7),
    wall: WallClock(unixMicroseconds: 1_700_000_000_000_000, at: Instant(nanoseconds: 0)))
  var now = Instant(nanoseconds: 1_000_000_000)
  let caller = MediaID(1)
  let callee = MediaID(2)
  static let callerAddress = SocketAddress(ipv4: 0x0a00_0001, port: 4_000)
  static let calleeAddress = SocketAddress(ipv4: 0x0a00_0002, port: 5_000)
  /// Where the signalling of both comes from: a NAT, or a proxy.
  static let signalling = SocketAddress(ipv4: 0x0a00_0099, port: 5_060)
  var packets: [(slot: Int, to: SocketAddress, isControl: Bool, octets: [UInt8])] = []
  var events: [MediaEvent] = []
  var files: [RecordingID: [UInt8]] = [:]
  var finished: [RecordingID] = []
  var dropped: [RecordingID] = []

  init(
    callerSpeaks: [StreamDescription.Payload] = [.init(0, .pcmu), .init(101, .key)],
    calleeSpeaks: [StreamDescription.Payload] = [.init(0, .pcmu), .init(101, .key)]
  ) {
    engine.open(caller, slot: 0, at: now)
    engine.open(callee, slot: 1, at: now)
    describe(caller, Studio.callerAddress, callerSpeaks)
    describe(callee, Studio.calleeAddress, calleeSpeaks)
  }

  func describe(
    _ id: MediaID, _ remote: SocketAddress?, _ payloads: [StreamDescription.Payload],
    _ change: (inout StreamDescription) -> Void = { _ in }
  ) {
    var description = StreamDescription()
    description.remote = remote
    description.control = remote.map {
      var control = $0
      control.port += 1
      return control
    }
    description.sender.signalling = Studio.signalling
    editions += 1
    description.sender.edition = editions
    description.incoming = payloads
    description.outgoing = payloads
    change(&description)
    engine.perform(.describe(id, description), at: now)
  }

  private var nextSound: UInt64 = 1
  private var editions: UInt32 = 0

  /// Plays these samples.
  func sound(_ samples: [Int16], times: Int = 1) -> PlayItem {
    defer { nextSound += 1 }
    engine.keep(SoundID(nextSound), samples)
    return .sound(SoundID(nextSound), times: times)
  }

  func perform(_ command: MediaCommand) {
    engine.perform(command, at: now)
    collect()
  }

  /// A packet of a party; what is sent on, and where.
  func send(
    slot: Int, from: SocketAddress, type: UInt8 = 0, sequence: UInt16, timestamp: UInt32,
    source: UInt32 = 77, marker: Bool = false, payload: [UInt8]
  ) -> (to: SocketAddress, header: RTPHeader, payload: [UInt8])? {
    var octets = [UInt8](repeating: 0, count: 12) + payload
    let header = RTPHeader(
      payloadType: type, marker: marker, sequence: sequence, timestamp: timestamp, source: source)
    let forward = octets.withUnsafeMutableBytes { packet in
      _ = header.write(to: packet)
      return engine.receive(slot: slot, from: from, packet: packet, at: now)
    }
    collect()
    guard let forward, let seen = octets.withUnsafeBytes({ RTPHeader.read($0) }) else { return nil }
    return (forward.to, seen, Array(octets[12..<forward.count]))
  }

  func wait(milliseconds: Int) { wait(until: now + .milliseconds(milliseconds)) }

  func wait(until end: Instant) {
    while let deadline = engine.nextDeadline, deadline <= end {
      now = max(now, deadline)
      engine.timePassed(at: now)
      collect()
    }
    now = max(now, end)
  }

  func collect() {
    for entry in engine.outbox.entries {
      packets.append(
        (entry.slot, entry.to, entry.isControl, Array(engine.outbox.octets[entry.octets])))
    }
    engine.clearOutbox()
    while let output = engine.nextOutput() {
      switch output {
      case .tell(let event): events.append(event)
      case .write(let id, let offset, let bytes):
        let end = Int(offset) + bytes.count
        let missing = end - files[id, default: []].count
        if missing > 0 { files[id, default: []] += repeatElement(0, count: missing) }
        files[id, default: []].replaceSubrange(Int(offset)..<end, with: bytes)
      case .finish(let id): finished.append(id)
      case .drop(let id): dropped.append(id)
      }
    }
  }

  /// The audio that went to a party, in order.
  func heard(slot: Int) -> [Int16] {
    packets.filter { $0.slot == slot && !$0.isControl && $0.octets[1] & 127 == 0 }
      .flatMap { $0.octets[12...].map { G711.decode($0, .mu) } }
  }
}

extension AudioCodec {
  static let key = AudioCodec.telephoneEvent(rate: 8_000)
}
