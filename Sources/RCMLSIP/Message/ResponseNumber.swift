/// The value of RAck: which response to which request a PRACK acknowledges (RFC 3262 §7.2).
struct ResponseNumber: Hashable, Sendable {
  var rseq: UInt32
  var cseq: UInt32

  init(rseq: UInt32, cseq: UInt32) {
    self.rseq = rseq
    self.cseq = cseq
  }

  /// nil = none, nonsense, or of another method than INVITE: no response of ours.
  init?(of message: Message) {
    guard let value = message.value(of: .rack) else { return nil }
    let words = value.split { $0.isBlank }
    guard words.count == 3, words[2].elementsEqual("INVITE".utf8),
      let rseq = ResponseNumber.number(words[0]), let cseq = ResponseNumber.number(words[1])
    else { return nil }
    self.init(rseq: rseq, cseq: cseq)
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> UInt32? {
    digits.withUnsafeBytes { $0.number(0..<$0.count) }.flatMap { UInt32(exactly: $0) }
  }
}
