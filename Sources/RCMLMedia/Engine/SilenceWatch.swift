import RCMLBasics

/// Parties of whom nothing is heard for too long (spec U-27), while they are to be heard at all.
final class SilenceWatch {
  private let alarms: Alarms
  private let notices: Notices

  init(_ alarms: Alarms, _ notices: Notices) {
    self.alarms = alarms
    self.notices = notices
  }

  func watch(_ stream: MediaStream, at now: Instant) {
    guard stream.description.silenceLimit > .zero else { return }
    expect(stream, at: now + stream.description.silenceLimit)
  }

  private func expect(_ stream: MediaStream, at instant: Instant) {
    stream.expectSilence(at: instant)
    alarms.set(.silence(slot: stream.slot), at: instant)
  }

  func check(_ stream: MediaStream, due: Instant, at now: Instant) {
    let limit = stream.description.silenceLimit
    // Whoever is on hold has nothing to say; the description that ends it sets the alarm anew.
    guard stream.silenceDue == due, limit > .zero, stream.description.expectsSound,
      let heardAt = stream.incoming.heardAt
    else { return }
    guard now - heardAt >= limit else { return expect(stream, at: heardAt + limit) }
    notices.tell(.silent(stream.id))
    stream.noteSilenceTold()
  }
}
