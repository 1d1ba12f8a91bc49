import RCMLAgent
import RCMLBasics
import RCMLMedia

/// The media of a world: the engine in virtual time, and what becomes of its packets.
extension World {
  func obey(_ command: MediaCommand) {
    if case .play(let stream, _, let items) = command {
      watch.plays(stream, items.compactMap { if case .sound(let id, _) = $0 { id } else { nil } })
    }
    let events = media.perform(command, at: now)
    // What was made before the agent says the next thing is sent before it.
    carryPackets()
    switch command {
    case .open, .openFrames:
      guard let after = scenario.extras?.opensAfter, after > 0 else { return hand(events) }
      // Never at the instant of a timer: a machine fires what is due before it hears what is new.
      agenda.add(.media(events), at: now + .milliseconds(after) + Interval(nanoseconds: 17_003))
    case .play(_, _, let items):
      if items.contains(where: { if case .digits = $0 { true } else { false } }) {
        watch.keysPlayed()
      }
      hand(events)
    case .usePorts, .describe, .close, .join, .part, .load, .forget, .stop, .record, .recordAlso,
      .endRecording, .discardRecording:
      hand(events)
    }
  }

  func mediaTimePassed() {
    media.engine.timePassed(at: now)
    carryPackets()
    hand(media.takeEvents(at: now))
  }

  func diskTimePassed() { hand(media.diskTimePassed(at: now)) }

  func hand(_ events: [MediaEvent]) {
    for event in events {
      if case .recorded(let id, let result) = event, let recording = media.recordings[id] {
        watch.recorded(recording, result, file: media.files[recording.path])
      }
      hand(.media(event))
    }
  }

  func carryPackets() {
    guard scenario.sound != nil else { return media.engine.clearOutbox() }
    for packet in media.takePackets() {
      packets += 1
      check(packet, from: nil)
    }
  }

  /// One packet of ours leaves. `voice`: whose it was before.
  func check(_ packet: VirtualMedia.Packet, from voice: Voice?) {
    noteSound(packet.octets, to: packet.to, isControl: packet.isControl)
    var address = packet.to
    if packet.isControl { address.port &-= 1 }
    guard let receiver = voiceIndex[address] else {
      return watch.fail(
        .onlyToThem, "a packet went to \(address.low):\(address.port), where nobody is")
    }
    watch.sent(
      packet, to: voices[receiver], at: address, isNamed: address == voices[receiver].named,
      from: voice)
    if voice == nil, !packet.isControl, let stream = media.stream(atPort: packet.port) {
      watch.made(stream, to: voices[receiver])
    }
  }

  /// The answer to an exchange that was to bring a sound, as the reactor hands it on.
  func keepSound(_ id: ExchangeID, _ answer: HTTPAnswer) -> HTTPAnswer {
    guard let sound = soundExchanges.removeValue(forKey: id), (200...299).contains(answer.status)
    else { return answer }
    watch.kept(sound, answer.cacheFields)
    let (event, rest) = media.keep(sound, answer)
    hand(.media(event))
    return rest
  }
}
