import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia
import RCMLSIP

/// Whose packets are taken for a party's (spec U-67): what the dialogs know of it, and what is said where nobody knows.
extension Agent {
  /// A description as media gets it: with the address that the party's signalling comes from. A line of the host's has
  /// none that anybody could know.
  func vouched(
    _ description: StreamDescription, of stream: MediaID, _ number: CallNumber
  ) -> StreamDescription {
    var description = description
    description.signalling = signalling(of: stream, number)
    return description
  }

  private func signalling(of stream: MediaID, _ number: CallNumber) -> SocketAddress? {
    guard let call = calls[number], let party = call.media.anchored?.owner(of: stream) else {
      return nil
    }
    let line =
      switch party {
      case .caller: call.session
      case .leg(let leg): call.legs[leg]
      }
    guard let line, !line.isHostLine else { return nil }
    return userAgent.peer(of: line)
  }

  func warnOfSecondSender(_ stream: MediaID) {
    guard let number = streams[stream],
      let party = calls[number]?.media.anchored?.owner(of: stream)
    else { return }
    let whose = party == .caller ? "the caller's" : "a called party's"
    let text =
      "A second sender sends as if its packets were \(whose), and nothing tells which of the two the party is: the first"
      + " is believed. Its SDP names an address of an inner network, or rtp_lock is any."
    tell(.finding(number, Finding(severity: .warning, code: .secondSender, text: text)))
  }
}

extension AnchoredMedia {
  /// Whose it is, sound or video.
  func owner(of stream: MediaID) -> Party? {
    if callerStreams.contains(stream) { return .caller }
    let leg = sides.legs.first { $0.value.stream == stream || $0.value.video.stream == stream }
    return leg.map { .leg($0.key) }
  }
}
