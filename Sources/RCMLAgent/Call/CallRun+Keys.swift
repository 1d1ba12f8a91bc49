import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP

/// Keys of all parties, whichever way they come: RTP, INFO, or the host.
extension CallRun {
  /// INFO that says it holds a key (spec U-25). One that we cannot read is the other party's all the same: it has had
  /// its 200 (U-62).
  func infoArrived(_ info: InfoBody, from party: Party, at now: Instant) {
    if let key = InfoKey.read(info.octets, contentType: info.contentType) {
      return press(key, by: party, .info, info, at: now)
    }
    if let other = keys.partner(of: party), let line = line(of: other) {
      services.lines.send(info, to: line, at: now)
    }
  }

  /// A key of a party: told to the host, to the document, and to whatever collects keys, once (spec U-25). `info`: as
  /// it came.
  func press(
    _ key: UInt8, by party: Party, _ way: KeyPress.Way, _ info: InfoBody? = nil, at now: Instant
  ) {
    guard keys.isNew(key, by: party, way, at: now) else { return }
    services.outputs.count(keyBy: way)
    if way != .host { tell(.digit(party, key)) }
    performances.press(key, by: party, of: self, at: now)
    enqueue(.digit(key, from: party))
    if !keys.isWithheld(key, from: party), let other = keys.partner(of: party) {
      pass(key, way, info, to: other, at: now)
    }
  }

  /// To whoever hears the party. RTP takes its own keys along; one that came otherwise is sent as RTP where sound comes
  /// by here, else as INFO (spec U-62). A party of the host's is told of it.
  private func pass(
    _ key: UInt8, _ way: KeyPress.Way, _ info: InfoBody?, to other: Party, at now: Instant
  ) {
    guard let line = line(of: other) else { return }
    services.lines.tellKey(key, to: line)
    guard way != .media else { return }
    if let media = streams.anchored {
      guard let stream = media.stream(of: other) else { return }
      let playback = PlaybackID(services.calls.makeMediaNumber())
      services.outputs.append(.play(stream, playback, [.digits([key])]))
    } else {
      services.lines.send(info ?? InfoBody(key: key), to: line, at: now)
    }
  }
}
