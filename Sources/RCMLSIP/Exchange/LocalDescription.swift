/// How we describe ourselves to the peer; what was said is known to whoever negotiates.
struct LocalDescription {
  /// The peer has a description of ours.
  private(set) var isSent = false
  /// What we describe are streams of our own; 0.0.0.0 in it stands for our address on the session's way (spec T-5).
  private(set) var isPlaced = false

  init(isPlaced: Bool) { self.isPlaced = isPlaced }

  mutating func place() { isPlaced = true }

  mutating func sent() { isSent = true }

  /// Spec T-5.
  func placed(_ body: [UInt8], on path: Path?) -> [UInt8] {
    guard isPlaced, !body.isEmpty, let shown = path?.shown else { return body }
    return SessionDescription.placing(body, host: HostText.host(ofHostPort: shown))
  }
}
