import RCMLBasics

extension Agent {
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
    /// First INVITEs of which legs are under way (spec Y-6).
    package var trails = 0
    package init() {}
  }

  package var census: Census {
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
  package var counters: AgentCounters {
    var counters = services.outputs.counters
    counters.callsActive = UInt64(services.calls.count)
    counters.callbacksWaiting = UInt64(services.callbacks.count)
    counters.sip = services.lines.counters
    counters.refusedByLimit = services.outputs.refusals.totals
    return counters
  }
}
