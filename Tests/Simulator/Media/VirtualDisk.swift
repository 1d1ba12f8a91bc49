import RCMLBasics
import RCMLMedia

/// A disk that takes its time, stands still for a while, or is full: drawn by the seed. What waits for it is bounded, and
/// the end of a recording is told when its file is done ([Y-7], a second reading of what the reactor does).
package final class VirtualDisk {
  /// How slow it is; milliseconds from the beginning of the world, octets.
  package struct Script: Sendable {
    package var latency = 0
    /// Nothing is taken meanwhile.
    package var stalls: [Range<Int>] = []
    /// What may wait.
    package var bound = 64 << 20
    /// No file may be longer; nil = there is room enough.
    package var capacity: Int?
    package init() {}
  }

  enum Work {
    case create([UInt8])
    case write([UInt8], at: Int)
    /// The file has `length` octets, it says.
    case header([UInt8], length: Int)
    case finish
    case remove
  }

  /// So long the end of a recording waits for its file.
  static let patience = Interval.seconds(30)

  private struct Job {
    let id: RecordingID
    let work: Work
    let octets: Int
    let at: Instant
  }

  private struct File {
    var octets: Int
    var length = WAVHeader.count
    var lost: [Range<Int>] = []
    var header: [UInt8]?
    var hasFailed = false
    /// Its end is awaited until then.
    var until: Instant?
    var result: RecordingResult?
  }

  private let script: Script
  private let beginning: Instant
  private var jobs: [Job] = []
  private var files: [RecordingID: File] = [:]
  private var waiting = 0
  private var last: Instant

  package init(_ script: Script, beginning: Instant) {
    self.script = script
    self.beginning = beginning
    last = beginning
  }

  /// What was lost of each.
  func lost(of id: RecordingID) -> [Range<Int>] { files[id]?.lost ?? [] }
  func hasFailed(_ id: RecordingID) -> Bool { files[id]?.hasFailed ?? false }

  // MARK: what is given

  func begin(_ id: RecordingID, channels: Int, header: [UInt8], at now: Instant) {
    files[id] = File(octets: 16 * channels)
    give(id, .create(header), header.count, at: now)
  }

  func write(_ id: RecordingID, at offset: Int, _ bytes: [UInt8], at now: Instant) {
    guard var file = files[id], file.until == nil, !file.hasFailed else { return }
    let hasRoom = waiting + bytes.count <= script.bound
    if offset == 0 {
      file.header = hasRoom ? nil : bytes
      if hasRoom { give(id, .header(bytes, length: file.length), bytes.count, at: now) }
    } else {
      file.length = max(file.length, offset + bytes.count)
      if hasRoom {
        give(id, .write(bytes, at: offset), bytes.count, at: now)
      } else {
        file.lost.append(offset..<offset + bytes.count)
      }
    }
    files[id] = file
  }

  func end(_ id: RecordingID, isKept: Bool, at now: Instant) {
    guard let file = files[id], file.until == nil, !file.hasFailed else { return }
    files[id]?.until = now + VirtualDisk.patience
    if isKept, let header = file.header {
      give(id, .header(header, length: file.length), 0, at: now)
    }
    give(id, isKept ? .finish : .remove, 0, at: now)
  }

  /// False: nobody has to wait for its end.
  func hold(_ id: RecordingID, _ result: RecordingResult) -> Bool {
    guard let file = files[id], !file.hasFailed else { return false }
    files[id]?.result = result
    return true
  }

  private func give(_ id: RecordingID, _ work: Work, _ octets: Int, at now: Instant) {
    // Never at the instant of a timer.
    var at = max(last, now) + .milliseconds(script.latency) + Interval(nanoseconds: 1_009)
    for stall in script.stalls {
      let begin = beginning + .milliseconds(stall.lowerBound)
      let end = beginning + .milliseconds(stall.upperBound)
      if at >= begin, at < end { at = end }
    }
    last = at
    waiting += octets
    jobs.append(Job(id: id, work: work, octets: octets, at: at))
  }

  // MARK: what is done

  var next: Instant? {
    let late = files.values.filter { $0.result != nil }.compactMap(\.until).min()
    return [jobs.first?.at, late].compactMap { $0 }.min()
  }

  enum Done {
    case work(RecordingID, Work)
    /// It can be written no more.
    case failed(RecordingID)
    case ended(RecordingID, RecordingResult)
  }

  /// The next thing that is done at `now`; the recording's file has so many octets.
  func takeNext(at now: Instant, size: (RecordingID) -> Int) -> Done? {
    guard let job = jobs.first, job.at <= now else { return late(now) }
    jobs.removeFirst()
    waiting -= job.octets
    guard let file = files[job.id], !file.hasFailed else { return .work(job.id, .finish) }
    var end = 0
    switch job.work {
    case .create(let octets): end = octets.count
    case .write(let octets, let offset): end = offset + octets.count
    case .header(_, let length): end = length
    case .finish, .remove: end = 0
    }
    guard let capacity = script.capacity, end > capacity, end > size(job.id) else {
      return .work(job.id, job.work)
    }
    files[job.id]?.hasFailed = true
    return .failed(job.id)
  }

  private func late(_ now: Instant) -> Done? {
    let due = files.filter { $0.value.result != nil && $0.value.until.map { $0 <= now } ?? false }
    guard let id = due.keys.min(by: { $0.number < $1.number }) else { return nil }
    files[id]?.hasFailed = true
    return ended(id)
  }

  /// Its file is closed, or will not be: what is told.
  func ended(_ id: RecordingID) -> Done? {
    guard let file = files[id], var result = file.result else { return nil }
    files[id]?.result = nil
    if file.hasFailed { result.reason = .failed }
    result.lostMilliseconds = file.lost.reduce(0) { $0 + $1.count } / file.octets
    return .ended(id, result)
  }
}
