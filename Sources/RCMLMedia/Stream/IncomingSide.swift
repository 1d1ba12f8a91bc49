import RCMLBasics

/// What comes from one party: whose packets are believed, what the numbers mean in them, and how they came.
struct IncomingSide {
  private(set) var lock = SourceLock()
  private var map = PayloadMap(incoming: [], outgoing: [])
  private(set) var reception = ReceptionStatistics()
  /// Of the timestamps that come; 8,000 unless the party speaks something wider.
  private(set) var rate: UInt64 = 8_000
  /// nil: its silence was told.
  private(set) var heardAt: Instant?
  /// The last sender report of the source that is heard.
  private var lastReport: (heard: ControlReport.Heard, at: Instant)?

  var hasReport: Bool { lastReport != nil }

  // MARK: signalling

  mutating func describe(
    _ description: StreamDescription, before: StreamDescription, at now: Instant
  ) {
    lock.describe(description, at: now)
    rate = description.incoming.lazy.compactMap { $0.codec.rate }.first ?? 8_000
    // Nobody had to speak until now.
    let wasWatched = before.expectsSound && before.silenceLimit > .zero
    if heardAt == nil || !wasWatched { heardAt = now }
  }

  mutating func map(_ description: StreamDescription, towards peer: StreamDescription?) {
    map = PayloadMap(
      incoming: description.incoming, outgoing: peer?.outgoing ?? [],
      isUntouched: description.isUntouched)
  }

  // MARK: packets

  @inline(__always)
  func entry(_ payloadType: UInt8) -> PayloadMap.Entry { map[payloadType] }

  @inline(__always)
  mutating func judge(
    _ from: SocketAddress, _ header: RTPHeader, at now: Instant
  ) -> SourceLock.Verdict {
    lock.judge(from, header, at: now)
  }

  /// What another sender reported says nothing about this one.
  mutating func beginSource() { lastReport = nil }

  /// False: a lone packet, to be left out.
  @inline(__always)
  mutating func count(_ header: RTPHeader, rate: UInt64, at now: Instant) -> Bool {
    guard reception.take(header, rate: rate, at: now) else { return false }
    heardAt = now
    return true
  }

  /// Comfort noise that nobody agreed on is a sign of life all the same (spec U-27).
  mutating func noteSign(from: SocketAddress, at now: Instant) {
    if lock.isParty(from) { heardAt = now }
  }

  mutating func noteSilenceTold() { heardAt = nil }

  // MARK: reports

  /// Believed only of the source whose RTP is heard.
  mutating func keep(
    _ packet: UnsafeRawBufferPointer, from: SocketAddress, at now: Instant
  ) {
    guard lock.believesControl(from, at: now), let heard = ControlReport.read(packet),
      heard.source == reception.source
    else { return }
    lastReport = (heard, now)
  }

  /// The block about the party's packets; nothing was heard, no block.
  mutating func describe(in report: inout ControlReport, at now: Instant) {
    guard reception.packets > 0 else { return }
    report.reception = reception
    report.fractionLost = reception.fractionLost()
    if let last = lastReport {
      report.lastReport = last.heard.middle
      report.delay = UInt32(clamping: (now - last.at).nanoseconds / 15_259)
    }
  }
}
