import RCMLBasics

/// What a session keeps of its provisional responses that want a PRACK (RFC 3262 §3).
struct ReliableProvisionals {
  var machine = ReliableProvisionalMachine()
  /// RSeq of the last response: the first is chance from 1 to 2^31 − 1, each next one more.
  private(set) var rseq: UInt32
  /// The last response, as its repetitions are.
  var response: [UInt8] = []
  /// Those that wait for the PRACK of the last.
  var queue = BoundedQueue<UserAgent.ResponseDetail>(limit: Limits.provisionals)
  /// SDP has gone out, or waits in the queue: it is the answer, and no other may follow it (§5).
  var isAnswered = false
  /// It has gone out.
  var isAnswerSent = false
  /// Its PRACK has come.
  var isAnswerAcknowledged = false
  /// An UPDATE before the 2xx has agreed to something newer: nothing repeats the answer any more (RFC 3311 §5.1).
  var isUpdated = false
  /// The 2xx that waits for a PRACK.
  var heldAnswer: UserAgent.ResponseDetail?

  init(random: UInt64) {
    // `next` makes it the first.
    rseq = UInt32(random >> 33) % 0x7fff_ffff
  }

  mutating func nextRSeq() -> UInt32 {
    rseq &+= 1
    return rseq
  }
}
