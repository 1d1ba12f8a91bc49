import RCMLBasics
import RCMLSIP

/// What one dialog has told us about its media, and what we told it.
struct MediaSide {
  /// The `o=` line's session id in this dialog (RFC 4566 §5.2).
  private let origin: UInt64
  private let address: SocketAddress
  private var version: UInt64 = 0
  /// Where this party wants its media: its last offer or answer.
  var remote: [UInt8] = []
  /// What we last sent it, before and after our own `o=` line was put in.
  private var base: [UInt8] = []
  private(set) var local: [UInt8] = []
  private var baseBefore: [UInt8] = []
  /// Our 200 to a re-INVITE held an offer: the ACK brings the answer.
  var owesAnswer = false

  init(origin: UInt64, address: SocketAddress) {
    self.origin = origin
    self.address = address
  }

  /// `sdp` as this dialog gets it: the version grows only when something changed (RFC 3264 §8).
  mutating func present(_ sdp: [UInt8]) -> [UInt8] {
    baseBefore = base
    if local.isEmpty || !knows(sdp) {
      version += 1
      base = sdp
      local = SessionDescription.rewritingOrigin(
        sdp, sessionID: origin, version: version, address: address)
    }
    return local
  }

  /// Nobody is there to talk to yet: nothing flows.
  mutating func presentInactiveOffer() -> [UInt8] {
    present(SessionDescription.inactiveOffer(address: address))
  }

  mutating func presentInactiveAnswer(to offer: [UInt8]) -> [UInt8] {
    present(SessionDescription.inactiveAnswer(to: offer, address: address))
  }

  /// The party refused what was presented last: the session is what it was before (RFC 3261 §14.1).
  mutating func takeBack() { base = baseBefore }

  /// This party already has `sdp` from us.
  func knows(_ sdp: [UInt8]) -> Bool {
    let (known, asked) = (MediaSide.parts(base), MediaSide.parts(sdp))
    return known.before == asked.before && known.after == asked.after
  }

  /// What stands before and behind the `o=` line: the rest of a description is its meaning.
  private static func parts(
    _ sdp: [UInt8]
  ) -> (before: ArraySlice<UInt8>, after: ArraySlice<UInt8>) {
    var start = 0
    while start < sdp.count {
      let end = sdp[start...].firstIndex(of: 10) ?? sdp.count - 1
      if sdp[start] == UInt8(ascii: "o") { return (sdp[..<start], sdp[(end + 1)...]) }
      start = end + 1
    }
    return (sdp[...], [])
  }
}

extension SessionDescription {
  /// There is an audio stream in it (spec L-17, L-23).
  static func isUsable(_ sdp: [UInt8]) -> Bool { check(sdp).usableAudio != nil }
}
