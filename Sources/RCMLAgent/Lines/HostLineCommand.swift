import RCMLBasics

/// What a call wants of a line of the host's.
enum HostLineCommand: Hashable {
  case ring(code: UInt16, sdp: [UInt8])
  /// `isAnswer`: to the caller's offer; else it brought none, and `sdp` is ours.
  case answer(sdp: [UInt8], isAnswer: Bool)
  case reject(code: UInt16, phrase: String, Reason)
  case end(Reason)
  case offer(sdp: [UInt8])
  /// The call accepts or refuses the host's offer.
  case accept(sdp: [UInt8])
  case refuse(code: UInt16)
  /// It hears this key of the other party (spec Q-30).
  case hear(key: UInt8)
}
