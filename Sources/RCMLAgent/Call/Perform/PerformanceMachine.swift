import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia

/// One Say, Play, Gather, Record or tone under way; its table is `PerformanceMachine.table.md`.
struct PerformanceMachine {
  enum State: String, CaseIterable {
    case new, preparing, playing, collecting, recording, ending, over
  }

  enum Kind {
    /// Something to be heard to its end.
    case speak
    /// The same, cut off when it takes too long.
    case farewell
    case ring
    case warn
    case gather(Gather)
    case record(Record)
  }

  enum Input: Equatable {
    case begun
    /// Every sound is there, or is known not to come; at least one is there.
    case prepared
    /// None is there; why the first is not.
    case unprepared(String)
    case played
    case unplayable
    case digit(UInt8)
    case recorded(RecordingResult)
    case stopped
    case timePassed
  }

  enum Effect: Equatable {
    case play, stopPlaying, record, endRecording
    case report(Report)
  }

  enum Report: Equatable {
    case finished
    case unavailable
    case failed(String)
    case gathered([UInt8], key: UInt8)
    /// `key` ended it; 0 = none did.
    case recorded(milliseconds: Int, key: UInt8)
  }

  static let farewellLimit = Interval.seconds(10)
  /// As many as `numDigits` can ask for: a Gather that names no number takes no more either.
  static let digitsLimit = 1_000

  private(set) var state = State.new
  private(set) var deadline: Deadline?
  private let kind: Kind
  private let hasSounds: Bool
  private var digits: [UInt8] = []
  private var endKey: UInt8 = 0

  init(_ kind: Kind, hasSounds: Bool) {
    self.kind = kind
    self.hasSounds = hasSounds
  }

  mutating func handle(_ input: Input, at now: Instant) -> [Effect] {
    switch state {
    case .new: return whileNew(input, now)
    case .preparing: return whilePreparing(input, now)
    case .playing: return whilePlaying(input, now)
    case .collecting: return whileCollecting(input, now)
    case .recording, .ending: return whileRecording(input)
    case .over: return []
    }
  }

  // MARK: - The states

  private mutating func whileNew(_ input: Input, _ now: Instant) -> [Effect] {
    switch input {
    case .begun: return begin(now)
    case .stopped:
      if case .record = kind { return end(.finished) }
      return end(nil)
    case .prepared, .unprepared, .played, .unplayable, .digit, .recorded, .timePassed: return []
    }
  }

  private mutating func begin(_ now: Instant) -> [Effect] {
    switch kind {
    case .farewell:
      deadline = Deadline(now + PerformanceMachine.farewellLimit, .performance)
      return prepare()
    case .speak, .gather, .ring: return hasSounds ? prepare() : start(now)
    case .warn, .record: return start(now)
    }
  }

  private mutating func whilePreparing(_ input: Input, _ now: Instant) -> [Effect] {
    switch input {
    case .prepared: return play()
    case .unprepared(let why):
      switch kind {
      case .speak: return end(.failed(why))
      case .farewell: return end(.finished)
      case .gather: return collect(now)
      case .ring, .warn, .record: return play()
      }
    case .digit(let key): return take(key, now)
    case .stopped: return end(nil)
    case .timePassed: return isDue(now) ? end(.finished) : []
    case .begun, .played, .unplayable, .recorded: return []
    }
  }

  private mutating func whilePlaying(_ input: Input, _ now: Instant) -> [Effect] {
    switch input {
    case .played, .unplayable:
      switch kind {
      case .speak: return end(input == .played ? .finished : .unavailable)
      case .farewell, .ring, .warn: return end(.finished)
      case .gather: return collect(now)
      case .record: return record()
      }
    case .digit(let key): return take(key, now)
    case .stopped:
      if case .record = kind { return [.stopPlaying] + end(.finished) }
      return [.stopPlaying] + end(nil)
    case .timePassed: return isDue(now) ? [.stopPlaying] + end(.finished) : []
    case .begun, .prepared, .unprepared, .recorded: return []
    }
  }

  private mutating func whileCollecting(_ input: Input, _ now: Instant) -> [Effect] {
    switch input {
    case .digit(let key): return take(key, now)
    case .timePassed: return isDue(now) ? end(.gathered(digits, key: 0)) : []
    case .stopped: return end(nil)
    case .begun, .prepared, .unprepared, .played, .unplayable, .recorded: return []
    }
  }

  private mutating func whileRecording(_ input: Input) -> [Effect] {
    switch input {
    case .digit(let key):
      guard state == .recording, case .record(let record) = kind,
        record.finishOnKey.utf8.contains(key)
      else { return [] }
      endKey = key
      state = .ending
      return [.endRecording]
    case .stopped:
      guard state == .recording else { return [] }
      state = .ending
      return [.endRecording]
    case .recorded(let result):
      if result.reason == .failed { return end(.unavailable) }
      return result.isEmpty
        ? end(.finished) : end(.recorded(milliseconds: result.milliseconds, key: endKey))
    case .begun, .prepared, .unprepared, .played, .unplayable, .timePassed: return []
    }
  }

  // MARK: - Steps

  private mutating func prepare() -> [Effect] {
    state = .preparing
    return []
  }

  private mutating func start(_ now: Instant) -> [Effect] {
    switch kind {
    case .speak, .farewell, .ring, .warn: return play()
    case .gather: return collect(now)
    case .record(let record): return record.playBeep ? play() : self.record()
    }
  }

  private mutating func play() -> [Effect] {
    state = .playing
    return [.play]
  }

  /// V-12: the time counts from the end of the prompt, and anew from every key.
  private mutating func collect(_ now: Instant) -> [Effect] {
    guard case .gather(let gather) = kind else { return [] }
    state = .collecting
    deadline = Deadline(now + gather.timeout, .performance)
    return []
  }

  private mutating func record() -> [Effect] {
    state = .recording
    return [.record]
  }

  /// V-12. A key pressed on anything else but a Gather means nothing here.
  private mutating func take(_ key: UInt8, _ now: Instant) -> [Effect] {
    guard case .gather(let gather) = kind else { return [] }
    let stop: [Effect] = state == .playing ? [.stopPlaying] : []
    if gather.finishOnKey.utf8.contains(key) { return stop + end(.gathered(digits, key: key)) }
    digits.append(key)
    if digits.count >= gather.numDigits ?? PerformanceMachine.digitsLimit {
      return stop + end(.gathered(digits, key: 0))
    }
    return stop + collect(now)
  }

  private func isDue(_ now: Instant) -> Bool { deadline.map { $0.instant <= now } ?? false }

  private mutating func end(_ report: Report?) -> [Effect] {
    state = .over
    deadline = nil
    return report.map { [.report($0)] } ?? []
  }
}
