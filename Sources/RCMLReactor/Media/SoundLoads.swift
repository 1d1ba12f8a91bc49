import CSystem
import RCMLAgent
import RCMLBasics
import RCMLMedia

/// Sounds being read, and how much of them is kept. The thread that reads them is made at the first one.
final class SoundLoads {
  /// What the samples of all sounds together may weigh: a little over an hour.
  static let octetsLimit = 64 << 20

  struct Load {
    /// nil: it was forgotten meanwhile.
    var sound: SoundID?
    /// The answer it came with, told after it.
    var answer: (ExchangeID, HTTPAnswer)?
    var isSpeech = false
  }

  private let epoll: Int32
  private var event: Int32 = -1
  private var worker: OpaquePointer?
  private var loads: [UInt64: Load] = [:]
  private var last: UInt64 = 0
  private var kept: [SoundID: Int] = [:]
  private var total = 0
  var limit = octetsLimit

  init(epoll: Int32) { self.epoll = epoll }

  /// False: there is no thread, no descriptor or no memory for it.
  func begin(_ source: SoundJob.Source, _ load: Load) -> Bool {
    last += 1
    let job = SoundJob(last, source)
    guard let worker = thread() else { return false }
    let lent = Unmanaged.passRetained(job)
    guard system_worker_give(worker, lent.toOpaque()) else {
      lent.release()
      return false
    }
    loads[last] = load
    return true
  }

  private func thread() -> OpaquePointer? {
    if let worker { return worker }
    if event < 0 { event = system_wake_create() }
    guard event >= 0, system_epoll_set(epoll, event, 1, Tag.make(Tag.sounds, 0)) == 0 else {
      return nil
    }
    worker = system_worker_create(event) { job in
      guard let job else { return false }
      Unmanaged<SoundJob>.fromOpaque(job).takeUnretainedValue().work()
      return true
    }
    return worker
  }

  func drain() { system_drain_counter(event) }

  /// The next that was read.
  func next() -> (Load, Result<[Int16], SoundProblem>)? {
    while let worker, let done = system_worker_next(worker) {
      let job = Unmanaged<SoundJob>.fromOpaque(done).takeRetainedValue()
      if let load = loads.removeValue(forKey: job.number) { return (load, job.result) }
    }
    return nil
  }

  /// False: with these samples it would be too much.
  func keep(_ sound: SoundID, _ samples: [Int16]) -> Bool {
    let weight = samples.count * MemoryLayout<Int16>.size
    guard total - (kept[sound] ?? 0) + weight <= limit else { return false }
    forget(sound)
    kept[sound] = weight
    total += weight
    return true
  }

  func forget(_ sound: SoundID) {
    if let weight = kept.removeValue(forKey: sound) { total -= weight }
    for (number, load) in loads where load.sound == sound { loads[number]?.sound = nil }
  }

  /// Neither the sound nor the answer it came with is told any more. False: no sound of that exchange is being read.
  func abort(_ exchange: ExchangeID) -> Bool {
    let count = loads.count
    for (number, load) in loads where load.answer?.0 == exchange { loads[number] = nil }
    return loads.count < count
  }

  /// In a child that was forked there is no such thread, and nothing but the descriptor to close.
  func close(isOwner: Bool) {
    loads = [:]
    if isOwner, let worker {
      system_worker_end(worker)
      while next() != nil {}
      system_worker_destroy(worker)
    }
    worker = nil
    system_close(event)
    event = -1
  }
}
