import CSystem
import RCMLAgent
import RCMLBasics

/// Turns one agent: its sockets, names, HTTP, clock, entropy and journal. The only room that touches the machine.
///
/// One thread at a time; only `waker` is for any thread. The host may own the loop (`descriptor`,
/// `deadlineMilliseconds`, `process`), or let it sleep here (`wait`, `run`). Events are always pulled. It
/// belongs to the process that made it: after a fork every entry throws `forked` (failures H6).
package final class Reactor {
  let core: any Core
  private let process: Int32

  /// Readable whenever `process` has something to do. The host watches it, and never reads or closes it.
  package let descriptor: Int32
  package let waker: Waker
  let timer: Int32
  private var isClosed = false

  var listeners: [ListenerSocket] = []
  var connections: [ConnectionID: StreamSocket] = [:]
  var nextAccepted: UInt64 = 1
  var spareDescriptor: Int32
  let inbox: OpaquePointer
  let outbox: OpaquePointer
  var outboxDescriptor: Int32 = -1
  var outboxListener = ListenerID(0)
  let readRoom: UnsafeMutableRawBufferPointer

  var names: NameLookups
  var web: WebExchanges

  /// Made by the first command about media: a call that hands SDP through costs nothing here.
  var media: ReactorMedia?
  /// Where RTP is bound, RTCP one above; streams that are open keep their ports.
  package var mediaPorts: ClosedRange<UInt16> = 16_384...32_767

  /// Inputs that performing an output brought about; they wait until the core has said all.
  var found: [Input] = []
  var isFeeding = false
  var events = EventQueue(limit: 16_384)
  var lostAndTold: UInt64 = 0
  package internal(set) var counters = Counters()
  let made = Reactor.clock()

  var hasStarted = false
  var lastLook = Instant(nanoseconds: 0)
  var wall = WallClock(unixMicroseconds: 0, at: Instant(nanoseconds: 0))
  /// Connections that are still connecting or closing are looked at then.
  var earliestConnection = Instant.distantFuture
  var armed = Instant.distantFuture
  var hasMoreToRead = false
  var isProcessing = false
  var thread: OpaquePointer?
  var journalFile: JournalFile?

  /// Opens the loop, and nothing else: no socket, no thread, no library is loaded before it is needed.
  package init(core: any Core = Agent()) throws(ReactorError) {
    var opened: [Int32] = []
    func open(_ descriptor: Int32) throws(ReactorError) -> Int32 {
      if descriptor >= 0 {
        opened.append(descriptor)
        return descriptor
      }
      for each in opened { system_close(each) }
      throw ReactorError(.system, "the loop cannot be made: \(errorText(descriptor))")
    }
    self.core = core
    process = system_process()
    descriptor = try open(system_epoll_create())
    timer = try open(system_timer_create())
    waker = Waker(descriptor: try open(system_wake_create()))
    spareDescriptor = try open(system_spare_descriptor())
    let inbox = system_inbox_create()
    guard let inbox, let outbox = system_outbox_create() else {
      system_inbox_destroy(inbox)
      for each in opened { system_close(each) }
      throw ReactorError(.system, "there is no memory for the loop's buffers")
    }
    self.inbox = inbox
    self.outbox = outbox
    readRoom = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
    names = NameLookups(epoll: descriptor)
    web = WebExchanges(epoll: descriptor)
    system_epoll_set(descriptor, timer, 1, Tag.make(Tag.timer, 0))
    system_epoll_set(descriptor, waker.descriptor, 1, Tag.make(Tag.wake, 0))
  }

  deinit {
    close()
    readRoom.deallocate()
  }

  /// Throws in a child of the process that made the reactor, and after `close`.
  func check() throws(ReactorError) {
    if isClosed { throw ReactorError.closed }
    if system_process() != process { throw ReactorError.forked }
  }

  /// Writes everything the agent hears, does and says into the file at `path`. Before all else, or never.
  package func writeJournal(to path: String, product: String) throws(ReactorError) {
    try check()
    guard !hasStarted, core.journal == nil else {
      throw ReactorError(
        .late, "the journal must be opened before anything else is done with the agent")
    }
    journalFile = try JournalFile(path: path)
    core.journal = JournalWriter(product: product)
  }

  /// Why the journal ended early; nil while it is whole.
  package var journalFailure: ReactorError? { journalFile?.failure }

  /// Events that were lost because the host did not pull them.
  package var lostEvents: UInt64 { events.lost }

  /// Gives the agent its entropy and calendar, once, before whatever comes first.
  func startOnce(_ now: Instant) throws(ReactorError) {
    guard !hasStarted else { return }
    var entropy = [UInt8](repeating: 0, count: 32)
    let status = entropy.withUnsafeMutableBytes { system_random($0.baseAddress, $0.count) }
    guard status == 0 else {
      throw ReactorError(.system, "there is no entropy: \(errorText(status))")
    }
    hasStarted = true
    wall = WallClock(unixMicroseconds: system_unix_microseconds(), at: now)
    feed(.started(entropy: entropy, wall: wall), now)
  }

  /// Closes everything at once. Calls are not ended politely: that is `perform(.stop)` and `drained`. In a
  /// forked child only the descriptors are closed, and the parent's connections stay untouched.
  package func close() {
    guard !isClosed else { return }
    isClosed = true
    let isOwner = system_process() == process
    if isOwner {
      system_waker_destroy(thread)
      endRecordings(Reactor.clock())
      journalFile?.append(core.takeJournal())
      journalFile?.flush()
      web.close()
      names.close()
    } else {
      system_waker_abandon(thread)
    }
    thread = nil
    journalFile = nil
    for listener in listeners { system_close(listener.descriptor) }
    for connection in connections.values { system_close(connection.descriptor) }
    connections = [:]
    media?.close(isOwner: isOwner)
    media = nil
    system_inbox_destroy(inbox)
    system_outbox_destroy(outbox)
    for each in [spareDescriptor, timer, waker.descriptor, descriptor] { system_close(each) }
  }
}
