import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP

/// One machine, one input, one output: SIP, documents and Dial married, with no clock, no IO and no chance of
/// its own (architecture §3).
///
/// `handle` or `perform`, then `nextOutput` until nil, then wait for the next input or for `nextDeadline`.
package final class Agent {
  /// What the agent does with new calls, and what it waits for.
  enum Service {
    case open
    /// No new calls; the last one that ends lets the callbacks and byes be finished.
    case draining
    /// Whatever is still to be ended or delivered has until `until` (spec K-13).
    case finishing(until: Instant)
    case drained
  }

  // What the machines are made of; `started` replaces random and wall.
  var settings = Settings()
  var random = RandomSource(seed: 0)
  var wall = WallClock(unixMicroseconds: 0, at: Instant(nanoseconds: 0))
  var isStarted = false
  var userAgent: UserAgent
  var hostLines = HostLines()
  /// Lines that wait for the way to where their sound is.
  var hostRoutes: [SocketAddress: [SessionID]] = [:]
  var web: WebClient
  var callbacks = CallbackQueues()
  var questions = HostQuestions()

  // Found by key only: nothing ever walks through them in their own order.
  var calls: [CallNumber: Call] = [:]
  var owners: [SessionID: CallOwner] = [:]
  var nextCall: UInt64 = 1

  // Media: whose streams, playbacks and recordings they are. One counter numbers all of them.
  var streams: [MediaID: CallNumber] = [:]
  var playbacks: [PlaybackID: SoundLibrary.Waiter] = [:]
  var recordings: [RecordingID: RecordingOwner] = [:]
  var sounds = SoundLibrary()
  var nextMedia: UInt64 = 1

  var service = Service.open
  var defaultDocument: DocumentSource?
  /// Addresses we listen on, in the order they were bound: the host of our own identities.
  var listeners: [(id: ListenerID, transport: Transport, local: SocketAddress)] = []
  var openResolutions = 0

  var deadlines = DeadlineQueue<UInt64>()
  /// What happened to calls and has not been handled yet, oldest first.
  var pending = PendingInputs()
  var outputs: [Output] = []
  var nextOutputIndex = 0

  var tally = AgentCounters()

  package init() {
    userAgent = UserAgent(random: random, settings: settings)
    web = WebClient(random: random, settings: WebSettings())
  }

  /// Set before the first input or command, it is told everything in order; take its octets with `takeJournal`.
  package var journal: JournalWriter?

  /// What the journal holds since the last time; empty without one.
  package func takeJournal() -> [UInt8] { journal?.take() ?? [] }

  package func handle(_ input: Input, at now: Instant) {
    journal?.input(input, at: now)
    // What has already arrived counts before what has run out at the same instant.
    take(input, at: now)
    settle(at: now)
    passTime(at: now)
  }

  package func perform(_ command: Command, at now: Instant) -> Result<CommandResult, Refusal> {
    journal?.command(command, at: now)
    let result = obey(command, at: now)
    settle(at: now)
    passTime(at: now)
    journal?.result(result)
    return result
  }

  package func nextOutput() -> Output? {
    guard nextOutputIndex < outputs.count else {
      outputs.removeAll(keepingCapacity: outputs.capacity <= 1_024)
      nextOutputIndex = 0
      journal?.drained()
      return nil
    }
    let output = outputs[nextOutputIndex]
    nextOutputIndex += 1
    journal?.output(output)
    return output
  }

  package var nextDeadline: Deadline? {
    var earliest = userAgent.nextDeadline
    func consider(_ deadline: Deadline?) {
      guard let deadline else { return }
      if let known = earliest, known <= deadline { return }
      earliest = deadline
    }
    consider(deadlines.first?.deadline)
    consider(web.nextDeadline)
    consider(questions.nextDeadline)
    if case .finishing(let until) = service { consider(Deadline(until, .drain)) }
    return earliest
  }

  package var census: Census {
    let below = userAgent.census
    var census = Census()
    census.calls = calls.count
    census.sessions = max(below.sessions, owners.count)
    census.transactions = below.transactions
    census.streams = below.streams
    census.exchanges = web.count + callbacks.count + questions.count
    census.resolutions = openResolutions
    census.media = streams.count + playbacks.count + recordings.count
    return census
  }

  /// What the agent holds at this moment; all zero when nothing is left (invariant I-S6).
  package struct Census: Hashable, Sendable {
    package var calls = 0
    package var sessions = 0
    package var transactions = 0
    package var streams = 0
    /// HTTP exchanges and host requests under way, and callbacks waiting for their turn.
    package var exchanges = 0
    package var resolutions = 0
    /// Streams, playbacks and recordings of the engine.
    package var media = 0
    package init() {}
  }

  /// Replay only: what becomes of the next caller's credentials, which its journal does not hold.
  func foresee(_ verdict: UInt8) { userAgent.foresee(verdict) }

  func tell(_ event: HostEvent) {
    tally.note(event)
    outputs.append(.tell(event))
  }
}
