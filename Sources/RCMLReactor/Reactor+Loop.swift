import CSystem
import RCMLAgent
import RCMLBasics
import RCMLDocument

/// Turning the loop.
extension Reactor {
  static func clock() -> Instant { Instant(nanoseconds: system_monotonic()) }

  /// How long the host may sleep before `process` must be called even if nothing arrives: -1 = for ever, 0 =
  /// not at all. The descriptor becomes readable at that time, too.
  package var deadlineMilliseconds: Int64 {
    if hasMoreToRead || !events.isEmpty { return 0 }
    if armed == .distantFuture { return -1 }
    let left = (armed - Reactor.clock()).nanoseconds
    return left <= 0 ? 0 : (left - 1) / 1_000_000 + 1
  }

  /// Does all that is to be done now, never blocking, never more than `budget` rounds and nothing new after `limit`: the
  /// rest waits for the next time, so that a flood starves neither the host nor a timer. Returns whether events wait.
  @discardableResult
  package func process(
    budget: Int = 1024, limit: Interval = .seconds(3600)
  ) throws(ReactorError) -> Bool {
    try check()
    isProcessing = true
    defer { isProcessing = false }
    var now = Reactor.clock()
    let end = now + limit
    try startOnce(now)
    lookAtCalendar(now)
    passTime(now)
    hasMoreToRead = true
    // Few at a time: what the kernel has handed out goes to the end of its line, so that everybody has a turn.
    withUnsafeTemporaryAllocation(of: system_event.self, capacity: 4) { room in
      for _ in 0..<max(1, budget) {
        let count = Int(system_epoll_wait(descriptor, room.baseAddress, 4, 0))
        guard count > 0 else {
          hasMoreToRead = false
          return
        }
        for event in room[..<min(count, room.count)] {
          now = Reactor.clock()
          dispatch(event, now)
        }
        sendOutbox(now)
        passTime(now)
        guard now < end else { return }
      }
    }
    finishStep(now)
    if let thread { system_waker_rearm(thread) }
    return !events.isEmpty
  }

  /// Sleeps until there is something to do, at most `milliseconds` (-1 = for ever), and does it. Returns
  /// whether events wait. A signal ends the sleep early.
  @discardableResult
  package func wait(milliseconds: Int64) throws(ReactorError) -> Bool {
    try check()
    try startOnce(Reactor.clock())
    finishStep(Reactor.clock())
    if events.isEmpty, !hasMoreToRead, milliseconds != 0 {
      var event = system_event()
      let sleep = milliseconds < 0 ? -1 : Int32(clamping: milliseconds)
      system_epoll_wait(descriptor, &event, 1, sleep)
    }
    return try process()
  }

  /// Turns the loop, sleeping in between, until `isDone` says so after a turn.
  package func run(until isDone: () -> Bool) throws(ReactorError) {
    repeat { try wait(milliseconds: -1) } while !isDone()
  }

  /// The next event for the host, nil = none. That some were lost is told before the next of the others.
  package func nextEvent() throws(ReactorError) -> HostEvent? {
    try check()
    if events.lost > lostAndTold {
      let count = events.lost - lostAndTold
      lostAndTold = events.lost
      let text =
        "\(count) events were lost because they were not pulled in time; pull them after every process"
      return .finding(nil, Finding(severity: .warning, code: .eventsLost, text: text))
    }
    return events.popFirst()
  }

  /// The name of a call that has not ended.
  package func sid(of call: CallNumber) -> CallSid? { (core as? Agent)?.sid(of: call) }

  /// Does what the host asks, with all that follows at once.
  package func perform(
    _ command: Command
  ) throws(ReactorError) -> Result<CommandResult, Refusal> {
    try check()
    let now = Reactor.clock()
    try startOnce(now)
    let result = core.perform(command, at: now)
    takeOutputs(now)
    sendOutbox(now)
    finishStep(now)
    return result
  }

  /// A thread that calls `function` once whenever `process` has something to do, and not again before that was
  /// called. It only wakes: nothing of the agent runs on it.
  package func startThread(
    _ function: @escaping @convention(c) (UnsafeMutableRawPointer?) -> Void,
    context: UnsafeMutableRawPointer?
  ) throws(ReactorError) {
    try check()
    guard thread == nil else { throw ReactorError(.late, "there is a thread already") }
    let now = Reactor.clock()
    try startOnce(now)
    finishStep(now)
    thread = system_waker_create(descriptor, function, context)
    if thread == nil { throw ReactorError(.system, "the system gives no thread") }
  }

  /// The thread has ended on return. Not to be called by its function.
  package func stopThread() throws(ReactorError) {
    try check()
    system_waker_destroy(thread)
    thread = nil
  }

  private func dispatch(_ event: system_event, _ now: Instant) {
    let number = Tag.number(event.tag)
    switch Tag.kind(event.tag) {
    case Tag.datagrams: readDatagrams(Int(number), event.events, now)
    case Tag.connection: connectionReady(ConnectionID(number), event.events, now)
    case Tag.acceptor: acceptStreams(Int(number), now)
    case Tag.names: namesReady(Int32(truncatingIfNeeded: number), event.events, now)
    case Tag.http: httpReady(Int32(truncatingIfNeeded: number), event.events, now)
    case Tag.media: readMedia(Int(number), now)
    case Tag.mediaControl: readMediaControl(Int(number), now)
    case Tag.sounds: soundsReady(now)
    case Tag.program: programReady(number, now)
    case Tag.timer:
      system_drain_counter(timer)
      armed = .distantFuture
    case Tag.wake: system_drain_counter(waker.descriptor)
    default: break
    }
  }

  /// Hands one input to the core, and performs all that follows from it.
  func feed(_ input: Input, _ now: Instant) {
    core.handle(input, at: now)
    takeOutputs(now)
  }

  /// Performs what the core wants; what is learned thereby is told once the core has finished speaking.
  func takeOutputs(_ now: Instant) {
    guard !isFeeding else { return }
    isFeeding = true
    defer { isFeeding = false }
    var next = 0
    while true {
      while let output = core.nextOutput() { perform(output, now) }
      guard next < found.count else { break }
      core.handle(found[next], at: now)
      next += 1
    }
    if next > 0 { found.removeAll(keepingCapacity: true) }
  }

  /// Tells the core something that was learned while performing an output, or at any other time.
  func tell(_ input: Input, _ now: Instant) {
    switch input {
    case .web(_, .answered(let answer)): counters.ended.note(answer)
    case .web(_, .failed(let failure)): counters.ended.note(failure)
    default: break
    }
    if isFeeding { found.append(input) } else { feed(input, now) }
  }

  /// Everything whose time has come. Bounded: a deadline that never moves on must not hang the host.
  private func passTime(_ now: Instant) {
    var rounds = 0
    while let deadline = core.nextDeadline, deadline.instant <= now, rounds < 64 {
      feed(.timePassed, now)
      rounds += 1
    }
    namesTimePassed(now)
    httpTimePassed(now)
    if now >= earliestConnection { connectionTimePassed(now) }
    mediaTimePassed(now)
    sendOutbox(now)
  }

  /// What ends every entry: everything is sent and written, and the timer stands where it must.
  func finishStep(_ now: Instant) {
    sendOutbox(now)
    if let journalFile {
      journalFile.append(core.takeJournal())
      journalFile.flush()
      if let failure = journalFile.failure, core.journal != nil {
        core.journal = nil
        let finding = Finding(severity: .error, code: .journalFailed, text: failure.text)
        perform(.tell(.finding(nil, finding)), now)
      }
    }
    var next = core.nextDeadline?.instant ?? .distantFuture
    next = min(next, names.deadline(now), web.deadline, earliestConnection)
    if let media {
      next = min(next, media.deadline)
      counters.media = media.counters
    }
    guard next != armed else { return }
    armed = next
    system_timer_set(timer, next.nanoseconds)
  }

  /// The machine's clock may be set at any time; durations and timers do not care, time stamps do (failures H10).
  private func lookAtCalendar(_ now: Instant) {
    guard now - lastLook >= .seconds(1) else { return }
    lastLook = now
    let said = system_unix_microseconds()
    let (difference, overflow) = said.subtractingReportingOverflow(wall.unixMicroseconds(at: now))
    guard overflow || difference.magnitude > 1_000_000 else { return }
    wall = WallClock(unixMicroseconds: said, at: now)
    media?.engine.set(wall)
    feed(.wallClock(wall), now)
  }
}
