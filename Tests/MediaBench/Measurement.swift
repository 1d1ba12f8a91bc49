import CCounting
import RCMLBasics
import RCMLMedia

/// What one unit of work costs.
enum Measurement: String, CaseIterable {
  case relay
  case relayOf500 = "relay-500"
  case transcode
  case keys
  case opening
  case sealing
  case secret
  case play
  case record

  var unit: String {
    switch self {
    case .relay: "packet relayed, one call"
    case .relayOf500: "packet relayed, 500 calls in turn"
    case .transcode: "packet relayed, mu-law to A-law"
    case .keys: "packet relayed and listened to for keys"
    case .opening: "packet relayed, from a secret leg to an open one"
    case .sealing: "packet relayed, from an open leg to a secret one"
    case .secret: "packet relayed between secret legs"
    case .play: "frame of 20 ms played"
    case .record: "packet relayed and recorded"
    }
  }

  /// Does so many of them; returns how many were done.
  func work(_ count: Int, in hall: Hall) -> Int {
    switch self {
    case .relay, .relayOf500, .transcode, .keys: relay(count, in: hall)
    case .opening, .sealing, .secret: relay(count, in: hall)
    case .play: play(count, in: hall)
    case .record: record(count, in: hall)
    }
  }

  var hall: Hall {
    switch self {
    case .relay, .record: return Hall(calls: 1)
    case .relayOf500: return Hall(calls: 500)
    case .transcode: return Hall(calls: 1, isTranscoding: true)
    case .keys: return Hall(calls: 1, hearsKeys: true)
    case .opening: return Hall(calls: 1, secrets: [0])
    case .sealing: return Hall(calls: 1, secrets: [1])
    case .secret: return Hall(calls: 1, secrets: [0, 1])
    case .play:
      let hall = Hall(calls: 1)
      hall.engine.keep(SoundID(1), Tone.make([440], milliseconds: 1_000))
      hall.engine.perform(
        .play(hall.id(0), PlaybackID(1), [.sound(SoundID(1), times: 0)]), at: hall.now)
      return hall
    }
  }

  private func relay(_ count: Int, in hall: Hall) -> Int {
    if !hall.secrets.isEmpty { return relaySecret(count, in: hall) }
    var done = 0
    let slots = hall.calls * 2
    for index in 0..<count / slots {
      for slot in 0..<slots where hall.receive(slot: slot, index) { done += 1 }
      hall.now = hall.now + .milliseconds(20)
    }
    return done
  }

  /// One way: the caller speaks, what it sends is sealed beforehand.
  private func relaySecret(_ count: Int, in hall: Hall) -> Int {
    var done = 0
    for _ in 0..<count {
      if hall.receiveSealed() { done += 1 }
      hall.now = hall.now + .milliseconds(20)
    }
    return done
  }

  private func play(_ count: Int, in hall: Hall) -> Int {
    let before = hall.engine.counters.played
    while hall.engine.counters.played - before < count {
      hall.now = hall.now + .milliseconds(20)
      hall.engine.timePassed(at: hall.now)
      hall.drain()
    }
    return count
  }

  private func record(_ count: Int, in hall: Hall) -> Int {
    hall.engine.perform(
      .record(RecordingID(1), RecordingPlan(left: hall.id(0), right: hall.id(1)), path: ""),
      at: hall.now)
    var done = 0
    for index in 0..<count / 2 {
      for slot in 0..<2 where hall.receive(slot: slot, index) { done += 1 }
      hall.now = hall.now + .milliseconds(20)
      hall.engine.timePassed(at: hall.now)
      hall.drain()
    }
    hall.engine.perform(.endRecording(RecordingID(1)), at: hall.now)
    hall.drain()
    return done
  }
}

/// Nanoseconds and allocations for one, the best of five.
func measured(_ measurement: Measurement, count: Int) -> (nanoseconds: Double, allocations: Double)
{
  var best = (nanoseconds: Double.infinity, allocations: Double.infinity)
  for _ in 0..<5 {
    let hall = measurement.hall
    if !hall.secrets.isEmpty { hall.prepare(count + 2_000) }
    _ = measurement.work(2_000, in: hall)
    let allocations = counting_allocations()
    let start = counting_nanoseconds()
    let done = Double(max(1, measurement.work(count, in: hall)))
    let time = Double(counting_nanoseconds() - start) / done
    best.nanoseconds = min(best.nanoseconds, time)
    best.allocations = min(
      best.allocations, Double(counting_allocations() - allocations) / done)
  }
  return best
}
