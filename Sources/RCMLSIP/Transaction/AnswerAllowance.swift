/// How many octets an INVITE has earned (spec Q-24, Y-8): over UDP anybody may have sent it in another's name, until an ACK,
/// a PRACK or credentials say that its sender hears us.
///
/// Every response is said once, and twice more, since a datagram may be lost; from then on only while it is not more than
/// twice what came. What is repeated because the INVITE came again is earned by that. A 2xx and a reliable 18x are repeated
/// as the RFCs want it: without them a call would be lost on a bad line (RFC 3261 §13.3.1.4, RFC 3262 §3).
struct AnswerAllowance {
  private var received: Int
  private var sent = 0
  /// Of the last response, by our own will.
  private var repetitions = 0
  /// One was too many: what comes later would come out of the order of its timer.
  private var isSpent = false

  init(received: Int) { self.received = received }

  private static let factor = 2
  private static let least = 2

  /// The INVITE came again.
  mutating func requestCame(_ count: Int) { received += count }

  mutating func responded(_ count: Int) {
    sent += count
    repetitions = 0
    isSpent = false
  }

  private func hasRoom(for count: Int) -> Bool {
    sent + count <= received * AnswerAllowance.factor
  }

  /// Said in full it could hardly be said again.
  func wantsShort(_ count: Int) -> Bool { !hasRoom(for: count * 3) }

  /// The last response is to be said once more; false: its sender would be made to hear too much.
  mutating func admitsRepetition(_ count: Int) -> Bool {
    guard !isSpent, repetitions < AnswerAllowance.least || hasRoom(for: count) else {
      isSpent = true
      return false
    }
    repetitions += 1
    sent += count
    return true
  }

  /// It is said once more, whatever that makes of the sum.
  mutating func repeated(_ count: Int) { sent += count }

  /// The same because the INVITE came again.
  mutating func admitsEcho(_ count: Int) -> Bool {
    guard hasRoom(for: count) else { return false }
    sent += count
    return true
  }
}
