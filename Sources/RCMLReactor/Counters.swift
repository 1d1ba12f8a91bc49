import RCMLAgent
import RCMLBasics

/// What the reactor has seen since it was made. What is "now", and what others count, is filled by
/// `countEverything`.
public struct Counters: Hashable, Sendable {
  public var datagramsReceived: UInt64 = 0
  public var datagramsSent: UInt64 = 0
  /// The socket's buffer was full: gone, as if the network had lost them.
  public var datagramsDropped: UInt64 = 0
  public var streamsAccepted: UInt64 = 0
  public var streamsOpened: UInt64 = 0
  /// Connections that were closed because their peer did not read.
  public var streamsOverflowed: UInt64 = 0
  /// Connections refused for want of descriptors.
  public var streamsRefused: UInt64 = 0
  public var exchanges: UInt64 = 0
  public var ended = ExchangeCounters()
  public var media = MediaCounters()
  public var agent = AgentCounters()
  /// What limits of the reactor's own refused (spec Y-13).
  public var refusedByLimit: [Limit: UInt64] = [:]

  // Now.
  public var uptime = Interval.zero
  public var streamsOpen: UInt64 = 0
  public var exchangesActive: UInt64 = 0
  public var recordingsActive: UInt64 = 0
  public var eventsWaiting: UInt64 = 0
  public var eventsLost: UInt64 = 0
  public var journalOctets: UInt64 = 0
  /// Those of the loop, of listeners and connections, of RTP and of files; libcurl and c-ares have their own.
  public var descriptorsOpen: UInt64 = 0
  public init() {}
}
