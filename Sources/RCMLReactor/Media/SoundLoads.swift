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
  /// The way back: a sound, and an exchange, are read once at a time.
  private var bySound: [SoundID: UInt64] = [:]
  private var byExchange: [ExchangeID: UInt64] = [:]
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
    if let sound = load.sound { bySound[sound] = last }
    if let exchange = load.answer?.0 { byExchange[exchange] = last }
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
      if let load = remove(job.number) { return (load, job.result) }
    }
    return nil
  }

  private func remove(_ number: UInt64) -> Load? {
    guard let load = loads.removeValue(forKey: number) else { return nil }
    if let sound = load.sound, bySound[sound] == number { bySound[sound] = nil }
    if let exchange = load.answer?.0, byExchange[exchange] == number { byExchange[exchange] = nil }
    return load
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
    if let number = bySound.removeValue(forKey: sound) { loads[number]?.sound = nil }
  }

  /// Neither the sound nor the answer it came with is told any more. False: no sound of that exchange is being read.
  func abort(_ exchange: ExchangeID) -> Bool {
    byExchange[exchange].flatMap { remove($0) } != nil
  }

  /// In a child that was forked there is no such thread, and nothing but the descriptor to close.
  func close(isOwner: Bool) {
    (loads, bySound, byExchange) = ([:], [:], [:])
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
