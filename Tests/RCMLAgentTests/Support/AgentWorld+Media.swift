import RCMLBasics
import RCMLMedia
import Simulator

@testable import RCMLAgent

/// The sound of a world: the engine, and phones that speak and listen.
extension AgentWorld {
  func obey(_ command: MediaCommand) {
    guard heldMedia == nil else {
      heldMedia?.append(command)
      return
    }
    hand(media.perform(command, at: now))
    carryPackets()
  }

  /// What waited is done, in order.
  func releaseMedia() {
    let commands = heldMedia ?? []
    heldMedia = nil
    for command in commands { obey(command) }
  }

  func mediaTimePassed() {
    media.engine.timePassed(at: now)
    hand(media.takeEvents(at: now))
    carryPackets()
  }

  private func hand(_ events: [MediaEvent]) {
    for event in events { agent.handle(.media(event), at: now) }
  }

  private func carryPackets() {
    for packet in media.takePackets() { carry(packet) }
  }

  private func carry(_ packet: VirtualMedia.Packet) {
    guard !packet.isControl else { return }
    sentTo.insert(packet.to)
    if let place = speakers.firstIndex(where: { $0.address == packet.to }) {
      speakers[place].hear(packet.octets, at: now)
    }
  }

  /// A frame of a party of the host's has gone on to a phone.
  func pushed(_ packet: VirtualMedia.Packet?) {
    hand(media.takeEvents(at: now))
    if let packet { carry(packet) }
    carryPackets()
  }

  /// The sound of the phone whose description names `port`.
  @discardableResult
  func speaker(_ port: UInt16, says voice: [Int16] = []) -> Int {
    var speaker = SoundPhone(AgentWorld.place(port), source: UInt32(port))
    speaker.voice = voice
    speakers.append(speaker)
    if speakers.count == 1 { after(.milliseconds(20)) { [unowned self] in self.tick() } }
    return speakers.count - 1
  }

  /// Where our last description to a phone wants its sound.
  func point(_ speaker: Int, by description: [UInt8]?) {
    guard let description else { return }
    let text = String(decoding: description, as: UTF8.self)
    guard
      let line = text.split(whereSeparator: \.isNewline).first(where: { $0.hasPrefix("m=audio ") })
    else { return }
    speakers[speaker].port = UInt16(line.split(separator: " ")[1]) ?? 0
  }

  private func tick() {
    for place in speakers.indices where speakers[place].port != 0 {
      guard let octets = speakers[place].frame() else { continue }
      let forward = media.receive(
        octets, from: speakers[place].address, port: speakers[place].port, at: now)
      if let forward { carry(forward) }
    }
    hand(media.takeEvents(at: now))
    carryPackets()
    if !isSilent { after(.milliseconds(20)) { [unowned self] in self.tick() } }
  }

  /// A sound came as the answer to an exchange: what the reactor does with it.
  func keepSound(_ id: ExchangeID, _ answer: HTTPAnswer) -> HTTPAnswer {
    guard let sound = soundExchanges.removeValue(forKey: id), (200...299).contains(answer.status)
    else { return answer }
    let (event, rest) = media.keep(sound, answer)
    hand([event])
    return rest
  }
}
