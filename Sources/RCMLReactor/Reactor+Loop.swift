import CSystem
import RCMLAgent
import RCMLBasics

/// Turning the loop.
extension Reactor {
  /// How long the host may sleep before `process` must be called even if nothing arrives: -1 = for ever, 0 =
  /// not at all. The descriptor becomes readable at that time, too.
  public var deadlineMilliseconds: Int64 {
    if hasMoreToDo || !events.isEmpty { return 0 }
    return poll.millisecondsLeft(Reactor.clock())
  }

  /// Something is ready, or waits for its turn.
  private var hasMoreToDo: Bool { poll.hasMoreToRead || datagrams.hasWaiting }

  /// Does all that is to be done now, never blocking, never more than `budget` rounds and nothing new after `limit`: the
  /// rest waits for the next time, so that a flood starves neither the host nor a timer. Returns whether events wait.
  @discardableResult
  public func process(
    budget: Int = 1024, limit: Interval = .seconds(3600)
  ) throws(ReactorError) -> Bool {
    try check()
    events.turnBegins()
    defer { events.turnEnds() }
    var now = Reactor.clock()
    let end = now + limit
    try startOnce(now)
    lookAtCalendar(now)
    passTime(now)
    // Few at a time: what the kernel has handed out goes to the end of its line, so that everybody has a turn.
    withUnsafeTemporaryAllocation(of: system_event.self, capacity: 16) { room in
      for _ in 0..<max(1, budget) {
        streams.handshakes.roundBegins()
        let count = poll.read(room)
        guard count > 0 || datagrams.hasWaiting else { return }
        for event in room[..<count] {
          now = Reactor.clock()
          dispatch(event, turn(at: now))
        }
        now = Reactor.clock()
        // What belongs to calls has had its turn (spec Y-9).
        datagrams.serveWaiting(turn(at: now))
        datagrams.flush(turn(at: now))
        passTime(now)
        guard now < end, !isOneMessage(room[..<count]) else { return }
      }
    }
    finishStep(now)
    poll.rearmThread()
    return !events.isEmpty
  }

  /// One SIP message has come and nothing else: the next one wakes the loop by itself, so nobody asks the kernel for it now.
  private func isOneMessage(_ events: Slice<UnsafeMutableBufferPointer<system_event>>) -> Bool {
    guard events.count == 1, let event = events.first, Tag.kind(event.tag) == Tag.datagrams,
      datagrams.lastBatch < 2, !datagrams.hasWaiting
    else { return false }
    poll.nothingIsLeft()
    return true
  }

  /// Sleeps until there is something to do, at most `milliseconds` (-1 = for ever), and does it. Returns
  /// whether events wait. A signal ends the sleep early.
  @discardableResult
  public func wait(milliseconds: Int64) throws(ReactorError) -> Bool {
    try check()
    try startOnce(Reactor.clock())
    finishStep(Reactor.clock())
    if events.isEmpty, !hasMoreToDo, milliseconds != 0 { sleep(milliseconds: milliseconds) }
    return try process()
  }

  /// Until there is something to do, at most `milliseconds` (-1 = for ever). False: a signal has ended it. It touches
  /// nothing that another thread may touch which hands over a frame meanwhile.
  @discardableResult
  public func sleep(milliseconds: Int64) -> Bool { poll.sleep(milliseconds: milliseconds) }

  /// Turns the loop, sleeping in between, until `isDone` says so after a turn.
  public func run(until isDone: () -> Bool) throws(ReactorError) {
    repeat { try wait(milliseconds: -1) } while !isDone()
  }

  /// A thread that calls `function` once whenever `process` has something to do, and not again before that was
  /// called. It only wakes: nothing of the agent runs on it.
  public func startThread(
    _ function: @escaping @convention(c) (UnsafeMutableRawPointer?) -> Void,
    context: UnsafeMutableRawPointer?
  ) throws(ReactorError) {
    try check()
    guard !poll.hasThread else { throw ReactorError(.late, "there is a thread already") }
    let now = Reactor.clock()
    try startOnce(now)
    finishStep(now)
    guard poll.startThread(function, context: context) else {
      throw ReactorError(.system, "the system gives no thread")
    }
  }

  /// The thread has ended on return. Not to be called by its function.
  public func stopThread() throws(ReactorError) {
    try check()
    poll.stopThread()
  }

  private func dispatch(_ event: system_event, _ turn: Turn) {
    let number = Tag.number(event.tag)
    switch Tag.kind(event.tag) {
    case Tag.datagrams: datagrams.read(Int(number), event.events, turn)
    case Tag.connection: streams.ready(ConnectionID(number), event.events, turn)
    case Tag.acceptor: streams.accept(Int(number), turn)
    case Tag.names: names.ready(Int32(truncatingIfNeeded: number), event.events, turn)
    case Tag.http:
      for (id, host) in web.ready(Int32(truncatingIfNeeded: number), event.events, turn) {
        names.lookUp(host, for: id, turn)
      }
    case Tag.media: mediaDesk.read(Int(number), turn)
    case Tag.mediaControl: mediaDesk.readControl(Int(number), turn)
    case Tag.sounds: mediaDesk.soundsReady(turn)
    case Tag.program: mediaDesk.programReady(number, turn)
    case Tag.disk: disk.wasWoken()
    case Tag.timer: return poll.timerWentOff()
    case Tag.wake: return poll.wasWoken()
    default: return
    }
    conversation.memory.worked(at: turn.now)
  }

  /// Everything whose time has come. Bounded: a deadline that never moves on must not hang the host.
  private func passTime(_ now: Instant) {
    var rounds = 0
    while let deadline = conversation.core.nextDeadline, deadline.instant <= now, rounds < 64 {
      conversation.feed(.timePassed, at: now)
      rounds += 1
    }
    conversation.lookAtMemory(at: now)
    let turn = turn(at: now)
    takeWritten(turn)
    names.timePassed(turn)
    web.timePassed(turn)
    streams.timePassed(turn)
    mediaDesk.timePassed(turn)
    datagrams.flush(turn)
  }

  /// What the disk's thread has done since.
  private func takeWritten(_ turn: Turn) {
    while let job = disk.next() {
      switch job.owner {
      case .journal:
        if let finding = journal.written(job, turn.now) { events.append(.finding(nil, finding)) }
      case .recording(let id): mediaDesk.written(job, of: id, turn)
      }
    }
  }

  /// What ends every entry: everything is sent and written, and the timer stands where it must.
  func finishStep(_ now: Instant) {
    datagrams.flush(turn(at: now))
    if let finding = journal.writeStep(now) { events.append(.finding(nil, finding)) }
    while let finding = web.popRefusal(now) { events.append(.finding(nil, finding)) }
    if let finding = disk.lateness(now) { events.append(.finding(nil, finding)) }
    while let finding = streams.popRefusal(at: now) { events.append(.finding(nil, finding)) }
    while let news = streams.handshakes.popNews() { events.append(news) }
    if let finding = disk.fullness(now) { events.append(.finding(nil, finding)) }
    var next = conversation.core.nextDeadline?.instant ?? .distantFuture
    next = min(next, names.deadline(now), web.deadline, streams.deadline)
    next = min(next, mediaDesk.deadline, streams.refusalDeadline)
    mediaDesk.finishStep()
    if !hasMoreToDo { conversation.memory.giveBack(at: now) }
    next = min(next, datagrams.hasWaiting ? now : conversation.memory.deadline)
    poll.setTimer(next)
  }

  private func lookAtCalendar(_ now: Instant) {
    guard let wall = calendar.look(now) else { return }
    mediaDesk.set(wall)
    conversation.feed(.wallClock(wall), at: now)
  }
}
