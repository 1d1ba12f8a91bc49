/// What we last described ourselves as, for a refresh by re-INVITE.
struct LocalDescription {
  private(set) var bytes: [UInt8] = []
  /// What we describe are streams of our own; 0.0.0.0 in it stands for our address on the session's way (spec T-5).
  private(set) var isPlaced = false

  init(isPlaced: Bool) { self.isPlaced = isPlaced }

  mutating func place() { isPlaced = true }

  mutating func sent(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Spec T-5.
  func placed(_ body: [UInt8], on path: Path?) -> [UInt8] {
    guard isPlaced, !body.isEmpty, let shown = path?.shown else { return body }
    return SessionDescription.placing(body, host: HostText.host(ofHostPort: shown))
  }
}
