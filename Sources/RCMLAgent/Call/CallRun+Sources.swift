import RCMLBasics
import RCMLDial
import RCMLMedia

/// Whose packets are taken for a party's (spec U-67): what its line knows of it, and what is said where nobody knows.
extension CallRun {
  /// A description as media gets it: with the address that the party's signalling comes from.
  func vouched(_ description: StreamDescription, of stream: MediaID) -> StreamDescription {
    var description = description
    let line = streams.anchored?.owner(of: stream).flatMap { self.line(of: $0) }
    guard let peer = line.flatMap({ services.lines.peer(of: $0) }) else { return description }
    description.sender.signalling = peer
    description.remote = description.remote?.onInterface(of: peer)
    description.control = description.control?.onInterface(of: peer)
    return description
  }

  func warnOfSecondSender(_ stream: MediaID) {
    guard let party = streams.anchored?.owner(of: stream) else { return }
    let whose = party == .caller ? "the caller's" : "a called party's"
    warn(
      .secondSender,
      "A second sender sends as if its packets were \(whose), and nothing tells which of the two the party is: the first"
        + " is believed. Its SDP names an address of an inner network, or rtp_lock is any.")
  }
}
