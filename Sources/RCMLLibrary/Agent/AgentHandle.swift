import CRCML
import CSystem
import Glibc
import RCMLAgent
import RCMLBasics
import RCMLReactor

/// What stands behind an `rcml_agent`: a reactor, what the host was told, and who is inside.
final class AgentHandle: @unchecked Sendable {
  private let reactor: Reactor

  // Only touched by whoever is inside.
  var book = CallBook()
  var lentInfo = LentText()
  private var lentEvent = LentText()
  /// RCML_EVENT_DRAINED was handed out: nothing will come any more.
  private var isClosed = false
  private var wake: (function: WakeFunction, context: UnsafeMutableRawPointer?)?

  private let mutex = Mutex()
  /// Guarded by `mutex`.
  private var occupancy = Occupancy()

  private struct Occupancy {
    /// The thread that is inside.
    var inside: pthread_t?
    /// It sleeps until there is something to do, and touches nothing: others may come in for a moment.
    var isAsleep = false
    /// Whoever is inside stays there for ever.
    var isDestroyed = false
    /// A frame is being handed over beside one that sleeps.
    var hasVisitor = false
    /// Threads that wait to hand over a frame.
    var waiting = 0
    /// rcml_agent_run is on its way, perhaps in the host's function.
    var isRunning = false
    /// The thread that is inside the host's wake function.
    var waking: pthread_t?
    var wantsDrain = false
    var wantsStop = false
  }

  typealias WakeFunction = @convention(c) (UnsafeMutableRawPointer?) -> Void

  /// A host's loop has other work (failures I-H2): what begins before this is over is finished.
  private static let turn = Interval.microseconds(500)

  init() throws(Failure) {
    do throws(ReactorError) {
      reactor = try Reactor()
    } catch let problem {
      throw Failure(problem)
    }
  }

  deinit {
    lentEvent.free()
    lentInfo.free()
  }

  /// This is the process that made it (failures H6).
  var isOwned: Bool { reactor.isOwned }

  // MARK: Who is inside

  /// `driving`: what the host's function of rcml_agent_run may not do. `run`: rcml_agent_run itself.
  func enter(driving: Bool, run: Bool = false) -> Bool {
    let thread = pthread_self()
    return mutex.hold {
      waitForVisitor()
      if occupancy.inside != nil || (occupancy.isRunning && driving && !run) {
        return false
      }
      if let waking = occupancy.waking, pthread_equal(waking, thread) != 0 { return false }
      occupancy.inside = thread
      return true
    }
  }

  func leave() {
    mutex.hold {
      occupancy.inside = nil
      if occupancy.waiting > 0 { mutex.tellOfChange() }
    }
  }

  /// For whoever hands over a frame: waits until nobody else is at work. Refused where it would wait for itself.
  func visit() -> rcml_status {
    let thread = pthread_self()
    return mutex.hold {
      if let waking = occupancy.waking, pthread_equal(waking, thread) != 0 { return RCML_E_BUSY }
      while occupancy.hasVisitor || (occupancy.inside != nil && !occupancy.isAsleep) {
        if occupancy.isDestroyed { return RCML_E_HANDLE }
        if let inside = occupancy.inside, pthread_equal(inside, thread) != 0 { return RCML_E_BUSY }
        occupancy.waiting += 1
        mutex.waitForChange()
        occupancy.waiting -= 1
      }
      occupancy.hasVisitor = true
      return RCML_OK
    }
  }

  /// With the lock held. It is not long: one frame.
  private func waitForVisitor() {
    while occupancy.hasVisitor { mutex.waitForChange() }
  }

  func endVisit() {
    mutex.hold {
      occupancy.hasVisitor = false
      mutex.tellOfChange()
    }
  }

  /// Sleeps where frames may be handed over meanwhile.
  private func sleep(_ body: () -> Bool) -> Bool {
    mutex.hold {
      occupancy.isAsleep = true
      if occupancy.waiting > 0 { mutex.tellOfChange() }
    }
    let result = body()
    mutex.hold {
      waitForVisitor()
      occupancy.isAsleep = false
    }
    return result
  }

  func beginRun() -> Bool {
    mutex.hold {
      waitForVisitor()
      guard occupancy.inside == nil, !occupancy.isRunning else {
        return false
      }
      occupancy.isRunning = true
      return true
    }
  }

  func endRun() { mutex.hold { occupancy.isRunning = false } }

  // MARK: Work

  /// What the reactor does, with its errors as ours.
  func with<Result>(
    _ body: (Reactor) throws(ReactorError) -> Result
  ) throws(Failure) -> Result {
    do throws(ReactorError) {
      return try body(reactor)
    } catch let problem {
      throw Failure(problem)
    }
  }

  /// Any thread: whoever drives does it at once.
  func ask(drain: Bool, stop: Bool) {
    mutex.hold {
      occupancy.wantsDrain = occupancy.wantsDrain || drain
      occupancy.wantsStop = occupancy.wantsStop || stop
      // Not behind the lock's back: the waker must not outlive the reactor.
      reactor.waker.wake()
    }
  }

  func perform(_ command: Command) throws(Failure) -> CommandResult {
    let result = try with { reactor throws(ReactorError) in try reactor.perform(command) }
    switch result {
    case .success(let done): return done
    case .failure(let refusal): throw Failure(refusal)
    }
  }

  /// The name of a call that has just begun.
  func sid(of call: CallNumber) -> String { reactor.sid(of: call)?.description ?? "" }

  private func doWhatWasAsked() throws(Failure) {
    let (drain, stop) = mutex.hold {
      defer {
        occupancy.wantsDrain = false
        occupancy.wantsStop = false
      }
      return (occupancy.wantsDrain, occupancy.wantsStop)
    }
    if drain { _ = try perform(.drain) }
    if stop { _ = try perform(.stop) }
  }

  /// Whether events wait.
  func process() throws(Failure) -> Bool {
    guard system_memory_is_kept() else { throw .noMemory }
    while true {
      try doWhatWasAsked()
      let waits = try with { reactor throws(ReactorError) in
        try reactor.process(limit: AgentHandle.turn)
      }
      // Who asks wakes the loop; what was asked meanwhile may have been woken for in vain.
      if mutex.hold({ !occupancy.wantsDrain && !occupancy.wantsStop }) { return waits }
    }
  }

  /// Hands out the next event. False = there is none.
  func next(into event: UnsafeMutablePointer<rcml_event>) throws(Failure) -> Bool {
    guard SizedStruct.size(of: event) != nil else {
      throw Failure(RCML_E_ARGUMENT, "The event was not set up with RCML_EVENT_INIT.")
    }
    lentEvent.reset()
    let happened = try with { reactor throws(ReactorError) in try reactor.nextEvent() }
    if let number = happened.flatMap(CallBook.call(of:)), book[number]?.sid.isEmpty ?? true,
      let sid = reactor.sid(of: number)
    {
      book.named(number, sid)
    }
    let written =
      happened.map { EventWriter.write($0, of: book.note($0), lent: &lentEvent) }
      ?? EventWriter.blank
    _ = SizedStruct.write(written, to: event)
    switch happened {
    case .drained: isClosed = true
    case .onCall(let number, .ended): reactor.endWasTold(of: number)
    default: break
    }
    return happened != nil
  }

  /// Works until there is an event: 1, or the time is over or a signal came: 0.
  func wait(
    milliseconds: Int64, into event: UnsafeMutablePointer<rcml_event>
  ) throws(Failure) -> Int32 {
    let limit = UInt64(clamping: min(milliseconds, 1 << 40)) &* 1_000_000
    let (end, _) = system_monotonic().addingReportingOverflow(limit)
    while true {
      if try process(), try next(into: event) { return 1 }
      if isClosed { throw Failure(RCML_E_CLOSED, "The agent has stopped.") }
      var sleep: Int64 = -1
      if milliseconds >= 0 {
        let now = system_monotonic()
        if now >= end { return try next(into: event) ? 1 : 0 }
        sleep = Int64(clamping: (end - now) / 1_000_000 + 1)
      }
      if !self.sleep({ reactor.sleep(milliseconds: sleep) }) {
        return try next(into: event) ? 1 : 0
      }
    }
  }

  // MARK: A thread that wakes

  func start(_ function: @escaping WakeFunction, context: UnsafeMutableRawPointer?) throws(Failure)
  {
    guard wake == nil else {
      throw Failure(RCML_E_STATE, "rcml_agent_start was called before: one thread is enough.")
    }
    wake = (function, context)
    do throws(Failure) {
      try with { reactor throws(ReactorError) in
        // The thread ends before this handle does: `close` waits for it.
        try reactor.startThread(
          { handle in
            guard let handle else { return }
            Unmanaged<AgentHandle>.fromOpaque(handle).takeUnretainedValue().wakeHost()
          }, context: Unmanaged.passUnretained(self).toOpaque())
      }
    } catch let failure {
      wake = nil
      throw failure
    }
  }

  private func wakeHost() {
    guard let wake else { return }
    mutex.hold { occupancy.waking = pthread_self() }
    wake.function(wake.context)
    mutex.hold { occupancy.waking = nil }
  }

  /// Closes everything for good. In a child of the process only the descriptors, and without any lock.
  func close() {
    if isOwned {
      mutex.hold {
        occupancy.isDestroyed = true
        mutex.tellOfChange()
      }
    }
    reactor.close()
  }
}
