import RCMLBasics

/// How we describe ourselves to the peer; what was said is known to whoever negotiates.
struct LocalDescription {
  /// The peer has a description of ours.
  private(set) var isSent = false
  /// What we describe are streams of our own; 0.0.0.0 in it stands for our address on the session's way (spec T-5).
  private(set) var isPlaced = false
  /// Our end of these streams, as the peer was told last; nil = it was told of none.
  private(set) var own: OwnAddress?

  init(isPlaced: Bool) { self.isPlaced = isPlaced }

  mutating func place() { isPlaced = true }

  mutating func sent() { isSent = true }

  /// What the peer is told on this way (spec T-5).
  mutating func placed(_ body: [UInt8], on path: Path?) -> [UInt8] {
    guard isPlaced, !body.isEmpty, let path else { return body }
    own = path.own
    return SessionDescription.placing(body, host: HostText.host(ofHostPort: path.shown))
  }
}
