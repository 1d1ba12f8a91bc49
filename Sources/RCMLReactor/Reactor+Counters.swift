import RCMLAgent
import RCMLBasics

extension Reactor {
  /// What was counted here and in the core, and what is open, as of now.
  package func countEverything() throws(ReactorError) -> Counters {
    try check()
    var all = counters
    all.agent = (core as? Agent)?.counters ?? AgentCounters()
    if let media {
      all.media = media.counters
      all.media.streamsOpen = UInt64(max(0, media.sockets.portCount))
      all.recordingsActive = UInt64(media.recordings.count)
    }
    all.uptime = Reactor.clock() - made
    all.streamsOpen = UInt64(connections.count)
    all.exchangesActive = UInt64(web.count)
    all.eventsWaiting = UInt64(events.count)
    all.eventsLost = events.lost
    all.journalOctets = journalFile?.written ?? 0
    // Epoll, timer, waker, and the spare one.
    all.descriptorsOpen = UInt64(3 + (spareDescriptor >= 0 ? 1 : 0) + listeners.count)
    all.descriptorsOpen &+= all.streamsOpen &+ 2 &* all.media.streamsOpen
    all.descriptorsOpen &+= all.recordingsActive &+ (journalFile == nil ? 0 : 1)
    return all
  }
}
