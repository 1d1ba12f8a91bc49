import RCMLBasics

/// A line of the host's, and what it was told.
struct HostLine {
  let media: HostMedia
  var machine: HostLineMachine
  /// It brought an offer; else it gets ours (spec L-6).
  let brings: Bool
  /// Where our RTP is to be sent by this party; nil = the way to it is being found out, and what would name it waits.
  var shown: SocketAddress?
  /// What it is told are streams of our own: 0.0.0.0 stands for `shown` in it (spec T-5).
  var placesMedia = false
  /// In order, behind one that waits for `shown`.
  var waiting: [HostAction] = []

  init(media: HostMedia, isCaller: Bool, brings: Bool, shown: SocketAddress?) {
    self.media = media
    machine = HostLineMachine(isCaller: isCaller)
    self.brings = brings || media.isFrames
    self.shown = shown
  }
}
