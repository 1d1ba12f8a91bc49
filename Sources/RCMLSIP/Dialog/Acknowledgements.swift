/// The ACKs of the last 2xx, for their repetitions, and the INVITE's CSeq each belongs to (F-6): a 2xx may be repeated
/// after a later re-INVITE had its own.
struct Acknowledgements {
  typealias One = (cseq: UInt32, bytes: [UInt8], path: Path)

  /// Most dialogs have no other.
  private var newest: One?
  private var older: [One] = []

  subscript(cseq: UInt32) -> One? {
    if let newest, newest.cseq == cseq { return newest }
    return older.last { $0.cseq == cseq }
  }

  mutating func keep(_ acknowledgement: One) {
    if let newest {
      // With the newest they are as many as may be.
      if older.count >= Limits.acknowledgements - 1 { older.removeFirst() }
      older.append(newest)
    }
    newest = acknowledgement
  }
}
