import RCMLBasics

/// The header `traceparent` (W3C Trace Context §3.2): what a web application's own traces hang on. The trace is the call,
/// its id the 32 digits of the CallSid; each exchange is a span of it. No chance is drawn: the CallSid is random already,
/// and spans differ within it by the number of their exchange.
struct TraceParent {
  let call: CallSid
  let exchange: ExchangeID

  /// `00-` trace `-` span `-01`: sampled, because only then does everybody keep theirs.
  var line: HeaderLine {
    var writer = ByteWriter(capacity: 55)
    writer.append("00-")
    writer.appendHex(call.high)
    writer.appendHex(call.low)
    writer.append("-")
    writer.appendHex(span)
    writer.append("-01")
    return HeaderLine("traceparent", writer.finish())
  }

  /// The finalizer of SplitMix64 is a bijection, so no two exchanges of a call share a span; 0 is none.
  private var span: UInt64 {
    var mixed = call.low &+ exchange.number &* 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    mixed ^= mixed >> 31
    return mixed == 0 ? 1 : mixed
  }
}
