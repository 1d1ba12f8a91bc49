/// A party that wants the other one transferred (RFC 3515, spec U-40).
struct ReferTask {
  private enum State {
    case idle
    /// The CSeq of a REFER that has no final word yet: its subscription's id.
    case deciding(UInt32)
  }

  /// Somebody said that it may.
  private(set) var isAllowed = false
  private var state = State.idle

  mutating func allow(_ isAllowed: Bool) { self.isAllowed = isAllowed }

  /// False: another one is not decided yet.
  mutating func begin(cseq: UInt32) -> Bool {
    guard case .idle = state else { return false }
    state = .deciding(cseq)
    return true
  }

  var subscription: UInt32? { if case .deciding(let cseq) = state { cseq } else { nil } }

  mutating func finish() { state = .idle }
}
