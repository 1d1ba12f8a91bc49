/// Turns the packets of one RTP source's telephone events into keys, each press once (spec U-25).
///
/// A press is known by its timestamp: the first packet of it that arrives counts, whichever it is, so that
/// neither a lost start nor the three copies of the end lose or double a key (failures H4).
package struct DigitCollector: Sendable {
  private var lastPress: (timestamp: UInt32, source: UInt32)?

  package init() {}

  /// The key, if this packet is the first of a press.
  package mutating func take(_ event: TelephoneEvent, of header: RTPHeader) -> UInt8? {
    if let last = lastPress, last.source == header.source {
      // Late copies of an older press, around the wrap of 32 bits.
      if Int32(bitPattern: header.timestamp &- last.timestamp) <= 0 { return nil }
    }
    lastPress = (header.timestamp, header.source)
    return event.key
  }
}
