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
  var plan: RecordingPlan
  private let startedAt: Instant
  private var left = RecordingTrack()
  private var right = RecordingTrack()
  private var written = 0
  private var loudAt: Instant
  private(set) var isEmpty = true
  var nextStep: Instant
  var hasFailed = false

  init(id: RecordingID, plan: RecordingPlan, at now: Instant) {
    self.id = id
    self.plan = plan
    startedAt = now
    loudAt = now
    nextStep = now + Recorder.interval
  }

  func hear(
    _ payload: UnsafeRawBufferPointer, _ law: G711.Law, header: RTPHeader, isRight: Bool,
    at now: Instant
  ) {
    let place = samples(at: now)
    let mean =
      isRight
      ? right.put(payload, law, header: header, arrivedAt: place)
      : left.put(payload, law, header: header, arrivedAt: place)
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
  var endsBy: Instant {
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
      var first: [Int16] = []
      first.reserveCapacity(end - written)
      left.take(upTo: end) { first.append($0) }
      var octets: [UInt8] = []
      octets.reserveCapacity((end - written) * 2 * channels)
      func put(_ sample: Int16) {
        octets.append(UInt8(truncatingIfNeeded: sample))
        octets.append(UInt8(truncatingIfNeeded: sample >> 8))
      }
      var index = 0
      right.take(upTo: end) { other in
        let sample = index < first.count ? first[index] : 0
        index += 1
        if channels == 2 {
          put(sample)
          put(other)
        } else {
          put(Int16(clamping: Int(sample) + Int(other)))
        }
      }
      output(UInt64(WAVHeader.count + written * 2 * channels), octets)
      written = end
    } else if written > 0 || !isLast {
      return
    }
    output(0, WAVHeader.make(channels: channels, dataOctets: UInt64(written * 2 * channels)))
  }

  private func samples(at now: Instant) -> Int {
    Int(clamping: max(0, (now - startedAt).nanoseconds) / 125_000)
  }
}
