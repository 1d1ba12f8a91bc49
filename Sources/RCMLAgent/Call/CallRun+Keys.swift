import RCMLBasics
import RCMLDial
import RCMLMedia

/// Keys: whoever presses them, and however they come.
extension CallRun {
  /// INFO with a key in it (spec U-25).
  func infoArrived(_ contentType: [UInt8], _ body: [UInt8], from party: Party, at now: Instant) {
    guard let key = InfoDigit.read(body, contentType: contentType) else { return }
    press(key, by: party, .info, at: now)
  }

  /// A key of a party: told to the host, to the document, and to whatever collects keys, once (spec U-25).
  func press(_ key: UInt8, by party: Party, _ way: KeyPress.Way, at now: Instant) {
    guard keys.isNew(key, by: party, way, at: now) else { return }
    services.outputs.count(keyBy: way)
    if way != .host { tell(.digit(number, party, key)) }
    performances.press(key, by: party, of: self, at: now)
    enqueue(.digit(key, from: party))
    if way != .media { pass(key, from: party) }
  }

  /// RTP takes its own keys along; those that came otherwise are sent to the other party of a bridge.
  private func pass(_ key: UInt8, from party: Party) {
    guard let media = streams.anchored, let leg = media.bridgedLeg else { return }
    let other: Party = party == .caller ? .leg(leg) : .caller
    guard !keys.isWithheld(key, from: party), party == .caller || party == .leg(leg),
      let stream = media.stream(of: other)
    else { return }
    let playback = PlaybackID(services.calls.makeMediaNumber())
    services.outputs.append(.play(stream, playback, [.digits([key])]))
  }
}
