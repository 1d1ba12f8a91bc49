import RCMLAgent
import RCMLBasics
import RCMLMedia

/// What the host asks of the agent, and what it is told.
extension Reactor {
  /// Does what the host asks, with all that follows at once.
  public func perform(
    _ command: Command
  ) throws(ReactorError) -> Result<CommandResult, Refusal> {
    try check()
    if let problem = SettingCheck.problem(in: command) {
      return .failure(Refusal(code: RefusalCode.setting, text: problem))
    }
    let now = Reactor.clock()
    try startOnce(now)
    let result = conversation.core.perform(command, at: now)
    conversation.performOutputs(at: now)
    switch command {
    case .set(let name, _):
      keepSettings(readingAnew: Settings.isOfStreams(name))
    case .reset: keepSettings()
    case .call, .hostCall, .onCall, .answer, .defaultDocument, .drain, .stop: break
    }
    datagrams.flush(turn(at: now))
    finishStep(now)
    return result
  }

  /// What the settings say of files, and of who gets messages mirrored.
  func keepSettings(readingAnew: Bool = false) {
    streams.handshakes.use(conversation.core.streamSecurity, isAnew: readingAnew)
    conversation.mirror.use(conversation.core.mirrorTarget)
    let limits = conversation.core.fileLimits
    journal.limit = limits.journal
    disk.bounds.reserve = limits.reserve
  }

  /// The next event for the host, nil = none. That some were lost is told before the next of the others.
  public func nextEvent() throws(ReactorError) -> HostEvent? {
    try check()
    return events.next()
  }

  /// Events that were lost because the host did not pull them.
  public var lostEvents: UInt64 { events.lost }

  /// A setting as `set` takes it; a secret is not read back.
  public func setting(_ name: String) throws(ReactorError) -> Result<String, SettingProblem> {
    try check()
    return agent?.setting(name) ?? Settings().value(name)
  }

  private var agent: Agent? { conversation.core as? Agent }

  /// The host has taken the event of its end.
  public func endWasTold(of call: CallNumber) { agent?.endWasTold(of: call) }

  /// The name of a call that has not ended, as far as the host has been told.
  public func sid(of call: CallNumber) -> CallSid? { agent?.sid(of: call) }

  // MARK: listeners

  /// Opens a listener at `text`, `udp:127.0.0.1:5060` (spec Q-4), and tells where it is bound. Nothing stays open
  /// when it fails.
  @discardableResult
  public func listen(_ text: String) throws(ReactorError) -> ListenerAddress {
    try check()
    return try listen(ListenerAddress(parsing: text))
  }

  @discardableResult
  public func listen(_ wanted: ListenerAddress) throws(ReactorError) -> ListenerAddress {
    try check()
    let now = Reactor.clock()
    try startOnce(now)
    if wanted.transport.isSecured, let obstacle = streams.handshakes.obstacle(at: now) {
      throw ReactorError(.bind, "cannot listen on \(wanted.text): \(obstacle)")
    }
    let listener = try listeners.open(wanted)
    let address = listener.address
    conversation.feed(
      .network(.listening(listener.id, address.transport, local: address.address)), at: now)
    if let place = address.outside?.place(port: address.address.port) {
      conversation.feed(.network(.listenerShown(listener.id, as: place)), at: now)
    }
    finishStep(now)
    return address
  }

  /// Takes no more calls by a listener, and closes it as soon as nothing uses it any more. True: its port is free now. nil =
  /// there is none, or it was said before.
  public func unlisten(_ index: Int) throws(ReactorError) -> Bool? {
    try check()
    guard let listener = listeners.leave(index) else { return nil }
    let now = Reactor.clock()
    if listener.address.transport == .udp {
      conversation.feed(.network(.listenerLeaves(listener.id)), at: now)
    } else {
      // What was accepted by it has sockets of its own.
      listeners.close(listener.id)
      conversation.feed(.network(.listenerClosed(listener.id)), at: now)
    }
    finishStep(now)
    return !listeners.all[index].isOpen
  }

  /// Every address we listened on, as it was bound, in the order in which they were opened; nil = it takes no more calls.
  public var boundAddresses: [ListenerAddress?] {
    listeners.all.map { $0.isLeaving ? nil : $0.address }
  }

  // MARK: the journal

  /// Writes everything the agent hears, does and says into the file at `path`. Before all else, or never.
  public func writeJournal(to path: String, product: String) throws(ReactorError) {
    try check()
    guard !calendar.hasStarted, !journal.isOpen else {
      throw ReactorError(
        .late, "the journal must be opened before anything else is done with the agent")
    }
    try journal.open(path: path, product: product)
    mediaDesk.tellReception()
  }

  /// Keeps in memory what the last calls did, for `writeTrace`. Before all else, or never.
  public func keepTrace(calls: Int, product: String) throws(ReactorError) {
    try check()
    guard !calendar.hasStarted, journal.trace == nil else {
      throw ReactorError(
        .late, "the trace must be begun before anything else is done with the agent")
    }
    journal.keepTrace(calls: calls, product: product)
    mediaDesk.tellReception()
  }

  /// Nil: none is kept.
  public var trace: LiveTrace? { journal.trace }

  /// Why the journal ended early; nil while it is whole.
  public var journalFailure: ReactorError? { journal.failure }

  // MARK: media

  /// Nil: no command about media came yet.
  var media: ReactorMedia? { mediaDesk.media }

  /// Where RTP is bound, RTCP one above; streams that are open keep their ports.
  public var mediaPorts: ClosedRange<UInt16> {
    get { mediaDesk.ports }
    set { mediaDesk.usePorts(newValue) }
  }

  /// One frame of a party of the host's. True: it was taken; false: nobody can hear it yet, and it is gone. It is in no
  /// journal, as RTP is in none.
  public func pushFrame(_ stream: MediaID, _ frame: UnsafeRawBufferPointer) throws(ReactorError)
    -> Bool
  {
    try check()
    return media?.push(stream, frame, turn(at: Reactor.clock())) ?? false
  }

  /// The next frame for a party of the host's; false: nothing has come for it yet.
  public func pullFrame(
    _ stream: MediaID, into frame: UnsafeMutableRawBufferPointer
  ) throws(ReactorError) -> Bool {
    try check()
    return media?.pull(stream, into: frame) ?? false
  }

  /// The stream of a party's frames, and their form; nil = the party is not the host's, or speaks in no frames. Without a
  /// stream there is nothing to be said to it yet.
  public func frames(
    of leg: LegNumber?, _ call: CallNumber
  ) -> (stream: MediaID?, media: HostMedia)? {
    guard let agent, let media = agent.frameMedia(of: leg, call) else { return nil }
    return (agent.frameStream(of: leg, call), media)
  }
}
