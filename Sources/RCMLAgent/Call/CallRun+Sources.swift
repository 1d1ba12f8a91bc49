import RCMLBasics
import RCMLDial
import RCMLMedia

/// Whose packets are taken for a party's (spec U-67): what its line knows of it, and what is said where nobody knows.
extension CallRun {
  /// A description as media gets it: with the address of ours that the party was told of, the one that its signalling comes
  /// from, and whether it asked for what it is sent.
  func vouched(_ description: StreamDescription, of stream: MediaID) -> StreamDescription {
    var description = description
    let party = streams.anchored?.owner(of: stream)
    if party == .caller { description.sender.isConfirmed = caller.isConfirmed }
    guard let line = party.flatMap({ self.line(of: $0) }) else { return description }
    description.own = services.lines.ownAddress(of: line)
    guard let peer = services.lines.peer(of: line) else { return description }
    description.sender.signalling = peer
    description.remote = description.remote?.onInterface(of: peer)
    description.control = description.control?.onInterface(of: peer)
    return description
  }

  /// ACK or PRACK: over UDP nothing before it says that the caller is where its INVITE came from (spec Y-8).
  func confirmCaller(at now: Instant) {
    guard caller.confirmed() else { return }
    changeMedia(at: now) { $0.callerConfirmed(&$1) }
    performances.beginWaiting(of: self, at: now)
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
