import RCMLAgent
import RCMLBasics

extension Reactor {
  /// What the parts have counted; of media, as of the end of the last step.
  public var counters: Counters {
    var counters = Counters()
    counters.datagramsReceived = datagrams.received
    counters.datagramsSent = datagrams.sent
    counters.datagramsDropped = datagrams.dropped
    counters.streamsAccepted = streams.accepted
    counters.streamsOpened = streams.opened
    counters.streamsOverflowed = streams.overflowed
    counters.streamsRefused = streams.refused
    counters.exchanges = web.begun
    counters.ended = web.ended
    counters.refusedByLimit = web.refusals.totals
    counters.media = mediaDesk.counters
    return counters
  }

  /// How secured connections came about.
  public var streamCounters: HandshakeCounters { streams.handshakes.counters }

  /// What was counted here and in the core, and what is open, as of now.
  public func countEverything() throws(ReactorError) -> Counters {
    try check()
    var all = counters
    all.agent = (conversation.core as? Agent)?.counters ?? AgentCounters()
    if let media {
      all.media = media.counters
      all.media.streamsOpen = UInt64(max(0, media.sockets.portCount))
      all.recordingsActive = UInt64(media.recordings.count)
    }
    all.uptime = Reactor.clock() - calendar.made
    all.streamsOpen = UInt64(streams.count)
    all.exchangesActive = UInt64(web.count)
    all.eventsWaiting = UInt64(events.count)
    all.eventsLost = events.lost
    all.journalOctets = journal.octets
    all.descriptorsOpen = UInt64(
      Poll.descriptorCount + listeners.openCount + streams.descriptorCount
        + conversation.mirror.descriptorCount)
    all.descriptorsOpen &+= 2 &* all.media.streamsOpen
    all.descriptorsOpen &+= all.recordingsActive &+ (journal.isOpen ? 1 : 0)
    return all
  }
}
