import RCMLBasics

extension Agent {
  /// What the agent holds at this moment; all zero when nothing is left (invariant I-S6).
  public struct Census: Hashable, Sendable {
    public var calls = 0
    public var sessions = 0
    public var transactions = 0
    public var streams = 0
    /// HTTP exchanges and host requests under way, and callbacks waiting for their turn.
    public var exchanges = 0
    public var resolutions = 0
    /// Streams, playbacks and recordings of the engine.
    public var media = 0
    /// First INVITEs of which legs are under way (spec Y-6).
    public var trails = 0
    public init() {}
  }

  public var census: Census {
    let below = services.lines.census
    var census = Census()
    census.calls = services.calls.count
    census.sessions = max(below.sessions, services.calls.lineCount)
    census.transactions = below.transactions
    census.streams = below.streams
    census.exchanges =
      services.web.count + services.callbacks.waitingCount + services.questions.count
    census.resolutions = services.lines.openResolutions
    census.media = services.calls.mediaCount
    census.trails = services.calls.legCounts.count
    return census
  }

  /// What became of calls until now, and what is under way.
  public var counters: AgentCounters {
    var counters = services.outputs.counters
    counters.callsActive = UInt64(services.calls.count)
    counters.callbacksWaiting = UInt64(services.callbacks.count)
    counters.sip = services.lines.counters
    counters.refusedByLimit = services.outputs.refusals.totals
    return counters
  }
}
