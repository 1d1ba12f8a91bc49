import CSystem
import RCMLAgent
import RCMLBasics

/// Turns one agent: its sockets, names, HTTP, clock, entropy and journal. The only room that touches the machine.
///
/// One thread at a time; only `waker` is for any thread. The host may own the loop (`descriptor`,
/// `deadlineMilliseconds`, `process`), or let it sleep here (`wait`, `run`). Events are always pulled. It
/// belongs to the process that made it: after a fork every entry throws `forked` (failures H6).
///
/// It holds the parts and hands each what is its own (README.md).
public final class Reactor {
  private let lifetime = Lifetime()
  let calendar = SystemCalendar()
  let poll: Poll
  let conversation: Conversation
  let journal: CoreJournal
  let events: HostEvents
  let listeners: Listeners
  let datagrams: Datagrams
  let streams: Streams
  let names: Names
  let web: WebExchanges
  let mediaDesk: MediaDesk

  /// Opens the loop, and nothing else: no socket, no thread, no library is loaded before it is needed.
  public init(core: any Core = Agent()) throws(ReactorError) {
    poll = try Poll()
    let inbox = try Inbox()
    listeners = Listeners(poll: poll)
    datagrams = try Datagrams(listeners: listeners, inbox: inbox)
    streams = try Streams(poll: poll, listeners: listeners)
    let answers = WebAnswers()
    let disk = Disk(epoll: poll.descriptor)
    mediaDesk = MediaDesk(
      poll: poll, inbox: inbox, calendar: calendar, answers: answers, disk: disk)
    web = WebExchanges(poll: poll, answers: answers, media: mediaDesk)
    names = Names(poll: poll, web: web)
    events = HostEvents(waker: poll.waker)
    journal = CoreJournal(of: core, disk: disk)
    let seal = KeySeal()
    let performer = Performer(
      listeners: listeners,
      datagrams: datagrams, streams: streams, names: names, web: web, media: mediaDesk,
      events: events, seal: seal)
    conversation = Conversation(
      core: core, performer: performer, calendar: calendar, seal: seal)
  }

  deinit { close() }

  var disk: Disk { journal.disk }

  static func clock() -> Instant { Instant(nanoseconds: system_monotonic()) }

  /// Readable whenever `process` has something to do. The host watches it, and never reads or closes it.
  public var descriptor: Int32 { poll.descriptor }
  public var waker: Waker { poll.waker }

  /// False in a child of the process that made the reactor. Any thread.
  public var isOwned: Bool { lifetime.isOwner }

  /// Throws in a child of the process that made the reactor, and after `close`.
  func check() throws(ReactorError) { try lifetime.check() }

  func turn(at now: Instant) -> Turn { Turn(conversation, now) }

  /// Gives the agent its entropy and calendar, once, before whatever comes first.
  func startOnce(_ now: Instant) throws(ReactorError) {
    guard let entropy = try calendar.start(now) else { return }
    keepSettings()
    conversation.feed(.started(entropy: entropy, wall: calendar.wall), at: now)
  }

  /// Closes everything at once. Calls are not ended politely: that is `perform(.stop)` and `drained`. In a
  /// forked child only the descriptors are closed, and the parent's connections stay untouched.
  public func close() {
    guard !lifetime.isClosed else { return }
    lifetime.end()
    let isOwner = lifetime.isOwner
    if isOwner {
      poll.stopThread()
      mediaDesk.endRecordings(Reactor.clock())
    } else {
      poll.abandonThread()
    }
    journal.close(isOwner: isOwner, at: Reactor.clock())
    if isOwner {
      web.close()
      names.close()
    }
    listeners.close()
    conversation.mirror.close()
    streams.close()
    mediaDesk.close(isOwner: isOwner)
    disk.close(isOwner: isOwner)
    poll.close()
  }
}
