import RCMLAgent
import RCMLBasics
import RCMLMedia

extension Reactor {
  /// One frame of a party of the host's. True: it was taken; false: nobody can hear it yet, and it is gone. It is in no
  /// journal, as RTP is in none.
  package func pushFrame(_ stream: MediaID, _ frame: UnsafeRawBufferPointer) throws(ReactorError)
    -> Bool
  {
    try check()
    guard let media else { return false }
    let now = Reactor.clock()
    let isTaken = media.push(stream, frame, at: now)
    takeMedia(now)
    return isTaken
  }

  /// The next frame for a party of the host's; false: nothing has come for it yet.
  package func pullFrame(
    _ stream: MediaID, into frame: UnsafeMutableRawBufferPointer
  ) throws(ReactorError) -> Bool {
    try check()
    return media?.pull(stream, into: frame) ?? false
  }

  /// The stream of a party's frames, and their form; nil = the party is not the host's, or speaks in no frames. Without a
  /// stream there is nothing to be said to it yet.
  package func frames(
    of leg: LegNumber?, _ call: CallNumber
  ) -> (stream: MediaID?, media: HostMedia)? {
    guard let agent = core as? Agent, let media = agent.frameMedia(of: leg, call) else {
      return nil
    }
    return (agent.frameStream(of: leg, call), media)
  }
}
