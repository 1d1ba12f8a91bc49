import RCMLBasics

/// One recording under way. Samples are written half a second after they were heard, header last: the file is whole
/// at every moment, and a process that is killed loses less than a second.
final class Recorder {
  static let interval = Interval.milliseconds(200)
  /// Packets that come later than this are left out.
  private static let wait = 3_200
  /// Mean magnitude of a packet that is not silence: about -44 dB of full scale.
  private static let loud = 200

  let id: RecordingID
  private(set) var plan: RecordingPlan
  private let startedAt: Instant
  private var left = RecordingTrack()
  private var right = RecordingTrack()
  private var first: [Int16] = []
  private var second: [Int16] = []
  private var written = 0
  private var loudAt: Instant
  private(set) var isEmpty = true
  private(set) var nextStep: Instant
  private(set) var hasFailed = false

  init(id: RecordingID, plan: RecordingPlan, at now: Instant) {
    self.id = id
    self.plan = plan
    startedAt = now
    loudAt = now
    nextStep = now + Recorder.interval
  }

  /// The other party has come.
  func add(right: MediaID) { plan.right = right }

  /// Nothing can be written any more.
  func fail() { hasFailed = true }

  /// When to write next.
  func planStep(at now: Instant) -> Instant {
    nextStep = min(now + Recorder.interval, max(endsBy, now))
    return nextStep
  }

  func hear(
    _ payload: UnsafeRawBufferPointer, _ law: G711.Law, header: RTPHeader, isRight: Bool,
    at now: Instant
  ) {
    let place = samples(at: now)
    let mean =
      isRight
      ? right.put(payload, law, header: header, arrivedAt: place, beside: left.error)
      : left.put(
        payload, law, header: header, arrivedAt: place,
        beside: plan.right == nil ? nil : right.error)
    if mean >= Recorder.loud {
      loudAt = now
      isEmpty = false
    }
  }

  func hear(_ event: TelephoneEvent, header: RTPHeader, isRight: Bool) {
    isRight ? right.putKey(event, header: header) : left.putKey(event, header: header)
  }

  func pause(header: RTPHeader, isRight: Bool) {
    isRight ? right.putPause(header: header) : left.putPause(header: header)
  }

  /// Why it is over, if it is.
  func end(at now: Instant) -> RecordingResult.Reason? {
    if hasFailed { return .failed }
    if plan.maximum > .zero, now - startedAt >= plan.maximum { return .maximum }
    if plan.silence > .zero, now - loudAt >= plan.silence { return .silence }
    return nil
  }

  /// When it will be over at the latest without another packet.
  private var endsBy: Instant {
    var instant = Instant.distantFuture
    if plan.maximum > .zero { instant = min(instant, startedAt + plan.maximum) }
    if plan.silence > .zero { instant = min(instant, loudAt + plan.silence) }
    return instant
  }

  func result(_ reason: RecordingResult.Reason, at now: Instant) -> RecordingResult {
    RecordingResult(reason: reason, milliseconds: samples(at: now) / 8, isEmpty: isEmpty)
  }

  /// What can be written now; `isLast`: everything up to `now`.
  func write(at now: Instant, isLast: Bool, _ output: (UInt64, [UInt8]) -> Void) {
    let end = samples(at: now) - (isLast ? 0 : Recorder.wait)
    let channels = plan.channels == 2 ? 2 : 1
    if end > written {
      first.removeAll(keepingCapacity: true)
      second.removeAll(keepingCapacity: true)
      left.take(upTo: end, into: &first)
      right.take(upTo: end, into: &second)
      let octets = Recorder.octets(first, second, isMixed: channels == 1)
      output(UInt64(WAVHeader.count + written * 2 * channels), octets)
      written = end
    } else if written > 0 || !isLast {
      return
    }
    output(0, WAVHeader.make(channels: channels, dataOctets: UInt64(written * 2 * channels)))
  }

  /// Two channels side by side, or their sum.
  private static func octets(_ first: [Int16], _ second: [Int16], isMixed: Bool) -> [UInt8] {
    let count = min(first.count, second.count)
    return [UInt8](unsafeUninitializedCapacity: count * (isMixed ? 2 : 4)) { room, filled in
      for index in 0..<count {
        if isMixed {
          let sum = Int16(clamping: Int(first[index]) + Int(second[index]))
          put(sum, to: room, at: index * 2)
        } else {
          put(first[index], to: room, at: index * 4)
          put(second[index], to: room, at: index * 4 + 2)
        }
      }
      filled = count * (isMixed ? 2 : 4)
    }
  }

  @inline(__always)
  private static func put(_ sample: Int16, to room: UnsafeMutableBufferPointer<UInt8>, at: Int) {
    room[at] = UInt8(truncatingIfNeeded: sample)
    room[at + 1] = UInt8(truncatingIfNeeded: sample >> 8)
  }

  private func samples(at now: Instant) -> Int {
    Int(clamping: max(0, (now - startedAt).nanoseconds) / 125_000)
  }
}
