import RCMLAgent
import RCMLBasics
import RCMLMedia

/// The media of a world: the engine in virtual time, and what becomes of its packets.
extension World {
  func obey(_ command: MediaCommand) {
    hand(media.perform(command, at: now))
    carryPackets()
  }

  func mediaTimePassed() {
    media.engine.timePassed(at: now)
    hand(media.takeEvents())
    carryPackets()
  }

  private func hand(_ events: [MediaEvent]) {
    for event in events { hand(.media(event)) }
  }

  private func carryPackets() { _ = media.takePackets() }

  /// The answer to an exchange that was to bring a sound, as the reactor hands it on.
  func keepSound(_ id: ExchangeID, _ answer: HTTPAnswer) -> HTTPAnswer {
    guard let sound = soundExchanges.removeValue(forKey: id), (200...299).contains(answer.status)
    else { return answer }
    switch SoundFile.read(answer.body, contentType: answer.contentType) {
    case .success(let samples):
      media.engine.keep(sound, samples)
      hand(.media(.loaded(sound, milliseconds: samples.count / 8)))
    case .failure(let problem):
      hand(.media(.unloadable(sound, problem)))
    }
    var answer = answer
    answer.body = []
    return answer
  }
}
