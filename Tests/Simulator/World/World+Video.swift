import RCMLBasics
import RCMLMedia

/// Video of the phones: a packet beside each of sound, and now and then a word about what was seen.
extension World {
  func film(_ voice: Voice) {
    guard let target = voice.videoTarget, let from = voice.videoNamed,
      let octets = voice.film(at: now)
    else { return }
    let event = SoundEvent.video(voice: voice.number, octets, from: from, to: target.port)
    agenda.add(.sound(event), at: now + .milliseconds(5))
    guard octets[3] % 16 == 0 else { return }
    var control = from
    control.port += 1
    agenda.add(
      .sound(
        .video(voice: voice.number, voice.feedback(), from: control, to: target.port + 1)),
      at: now + .milliseconds(6))
  }

  func arriveVideo(_ octets: [UInt8], _ voice: Voice, from: SocketAddress, port: UInt16) {
    guard media.stream(atPort: port) != nil else { return }
    packets += 1
    if port % 2 == 0 { voice.videoArrivals += 1 }
    let before = media.engine.counters
    let forward = media.receive(octets, from: from, port: port, at: now)
    let after = media.engine.counters
    let isTaken = before.strange == after.strange && before.malformed == after.malformed
    if let forward {
      packets += 1
      noteSound(octets, to: forward.to, isControl: forward.isControl)
      var address = forward.to
      if forward.isControl { address.port &-= 1 }
      let receiver = videoIndex[address].map { voices[$0] }
      watch.passedVideo(octets, of: voice, forward, at: address, to: receiver)
    } else if port % 2 == 0, isTaken {
      watch.lostVideo(of: voice)
    }
    hand(media.takeEvents(at: now))
    carryPackets()
  }
}
