import RCMLBasics
import RCMLDial
import RCMLMedia

/// Recordings hold what was said, are whole at every moment, and are announced when they are done (I-M4, spec R).
extension Watch {
  /// Something was written: if we died now the file would still be a WAV.
  func wrote(_ path: String, _ file: [UInt8]) {
    func word(_ place: Int) -> Int {
      (0..<4).reduce(0) { $0 | Int(file[place + $1]) << (8 * $1) }
    }
    guard file.count >= 44, file.starts(with: Array("RIFF".utf8)),
      file[8..<16].elementsEqual("WAVEfmt ".utf8), file[36..<40].elementsEqual("data".utf8),
      word(40) <= file.count - 44, word(4) == word(40) + 36
    else { return fail(.recordings, "\(path) is no WAV file") }
  }

  /// One packet that was taken while something is recorded.
  func noteForRecordings(
    _ octets: [UInt8], _ voice: Voice, _ stream: MediaID,
    _ recordings: [RecordingID: VirtualMedia.Recording]
  ) {
    let count = voice.script.speechTime * 8
    guard !recordings.isEmpty, voice.script.faults.keepsTime, !voice.script.isQuiet,
      octets.count == 12 + count, let speech = voice.speech, octets[1] & 127 == speech.number,
      speech.name != "g722"
    else { return }
    for recording in recordings.values where !recording.isFinished {
      let isLeft = recording.plan.left == stream
      guard isLeft || recording.plan.right == stream,
        now - recording.startedAt > .milliseconds(300)
      else { continue }
      let mark = WatchedSound.Mark(
        isRight: !isLeft, at: now, voice: voice.number,
        serial: UInt16(octets[13]) << 8 | UInt16(octets[14]),
        law: speech.name == "pcma" ? .a : .mu, count: count)
      note(mark, recording.path)
    }
  }

  /// The first two and the last three of each side are enough: the very last may lie past the recording's end.
  private func note(_ mark: WatchedSound.Mark, _ path: String) {
    var marks = sound?.marks[path] ?? []
    // Where a party's source changes, the new one is laid over the end of the old one.
    let length = Interval.milliseconds(mark.count / 8)
    marks.removeAll {
      $0.isRight == mark.isRight && $0.voice != mark.voice && mark.at - $0.at < length
    }
    let own = marks.indices.filter { marks[$0].isRight == mark.isRight }
    if own.count > 4 { marks.remove(at: own[2]) }
    sound?.marks[path] = marks + [mark]
  }

  func recorded(
    _ recording: VirtualMedia.Recording, _ result: RecordingResult, file: [UInt8]?
  ) {
    if result.reason == .failed {
      if !recording.isCut { fail(.recordings, "a recording failed on a disk that takes all") }
      sound?.cut.insert(recording.path)
      sound?.marks[recording.path] = nil
      return
    }
    // Of a recording that held nothing there is no file.
    if file == nil, result.lostMilliseconds > 0 { sound?.gaps += 1 }
    guard let file, sound != nil else { return }
    let lasted = ((recording.endedAt ?? now) - recording.startedAt).wholeMilliseconds
    let channels = recording.plan.channels == 2 ? 2 : 1
    let written = (file.count - 44) / (16 * channels)
    if abs(result.milliseconds - lasted) > 20 || abs(written - lasted) > 20 {
      fail(
        .recordings,
        "a recording of \(lasted) ms holds \(written) ms and says \(result.milliseconds)")
    }
    checkGaps(recording, result, file, channels)
    sound?.whole.insert(recording.path)
    let marks = sound?.marks.removeValue(forKey: recording.path) ?? []
    for mark in marks {
      let place = (mark.at - recording.startedAt).wholeMilliseconds * 8 - mark.count
      let first = 44 + max(0, place - 200) * channels * 2
      let reach = first..<44 + (place + 200 + mark.count) * channels * 2
      if recording.lost.contains(where: { $0.overlaps(reach) }) { continue }
      // Its place is its timestamp's, up to 25 ms beside its arrival: the end of the recording may cut it.
      if reach.upperBound > file.count { continue }
      let isMixed = channels == 1 && recording.plan.right != nil
      if isMixed ? !resembles(file, mark, near: place) : !holds(file, mark, near: place, channels) {
        fail(
          .recordings,
          "what voice \(mark.voice) said at \(place / 8) ms is not in the "
            + "\(mark.isRight ? "right" : "left") track of \(lasted) ms")
      }
    }
  }

  /// What the disk did not take is silence, exactly there, and is told (spec Y-7).
  private func checkGaps(
    _ recording: VirtualMedia.Recording, _ result: RecordingResult, _ file: [UInt8],
    _ channels: Int
  ) {
    let lost = recording.lost.reduce(0) { $0 + $1.count } / (16 * channels)
    if result.lostMilliseconds != lost {
      fail(
        .recordings,
        "\(lost) ms of a recording were lost, and it says \(result.lostMilliseconds)")
    }
    for range in recording.lost
    where file[range.clamped(to: 0..<file.count)].contains(where: { $0 != 0 }) {
      fail(.recordings, "a recording is not silent at octet \(range.lowerBound), which was lost")
    }
    if lost > 0 { sound?.gaps += 1 }
  }

  func toldGap() {
    sound?.gapsTold += 1
    if let sound, sound.gapsTold > sound.gaps {
      fail(.recordings, "a recording is said to have gaps, and has none")
    }
  }

  private func holds(
    _ file: [UInt8], _ mark: WatchedSound.Mark, near place: Int, _ channels: Int
  ) -> Bool {
    // From the middle of the packet: where it follows a gap its first milliseconds are faded in.
    let first = mark.count - 24
    let wanted = (first..<first + 20).map {
      G711.decode(Voice.octet(mark.voice, mark.serial, $0), mark.law)
    }
    let track = mark.isRight && channels == 2 ? 1 : 0
    func sample(_ index: Int) -> Int16 {
      let at = 44 + (index * channels + track) * 2
      return Int16(bitPattern: UInt16(file[at]) | UInt16(file[at + 1]) << 8)
    }
    let count = (file.count - 44) / (2 * channels)
    let last = min(count - mark.count, place + 200)
    var start = max(0, place - 200)
    while start <= last {
      if (0..<20).allSatisfy({ sample(start + first + $0) == wanted[$0] }) { return true }
      start += 1
    }
    return false
  }

  /// Mixed, a voice is found beside the other one: what it said is much like what is there, and like nothing else: beside a
  /// loud one by 0.39 and more, elsewhere by less than 0.36 (four deviations). A few samples are like many things, so
  /// short packets are not judged.
  private func resembles(_ file: [UInt8], _ mark: WatchedSound.Mark, near place: Int) -> Bool {
    guard mark.count >= 160 else { return true }
    let first = 24
    let wanted = (first..<mark.count).map {
      Double(G711.decode(Voice.octet(mark.voice, mark.serial, $0), mark.law))
    }
    let count = (file.count - 44) / 2
    let energy = wanted.reduce(0) { $0 + $1 * $1 }
    var start = max(0, place - 200)
    while start <= min(count - mark.count, place + 200) {
      var (product, other) = (0.0, 0.0)
      for (offset, value) in wanted.enumerated() {
        let at = 44 + (start + first + offset) * 2
        let sample = Double(Int16(bitPattern: UInt16(file[at]) | UInt16(file[at + 1]) << 8))
        product += value * sample
        other += sample * sample
      }
      if other > 0, product / (energy * other).squareRoot() > 0.36 { return true }
      start += 1
    }
    return false
  }

  // MARK: what is said of them

  func toldRecording(_ status: RecordingStatus) {
    guard sound != nil else { return }
    let sid = status.recording.sid
    let before = sound?.announced[sid]
    sound?.announced[sid] = status.state
    switch status.state {
    case .inProgress:
      if before != nil { fail(.recordings, "recording \(sid) began twice") }
    case .completed:
      if before != .inProgress {
        fail(.recordings, "recording \(sid) was completed twice, or never began")
      }
      if !(sound?.whole.contains(Watch.path(of: sid)) ?? false) {
        fail(.recordings, "recording \(sid) was announced before it was whole")
      }
    case .absent:
      if before != .inProgress {
        fail(.recordings, "recording \(sid) is absent and \(before?.rawValue ?? "new")")
      }
    }
  }

  private static func path(of sid: String) -> String { "/recordings/\(sid).wav" }

  func finishSound(files: [String], counters: MediaEngine.Counters) {
    for path in files {
      let sid = String(path.dropFirst("/recordings/".count).dropLast(".wav".count))
      // A host that ends a call, or does not let a URL be requested, knows itself what nobody is told of.
      if !mayDeny, !hostInterferes, sound?.scenario.recordsScreened == false,
        sound?.announced[sid] != .completed, !(sound?.cut.contains(path) ?? false),
        !(sound?.named.contains(sid) ?? false)
      {
        fail(.recordings, "there is a file of recording \(sid), and nobody knows of it")
      }
    }
    for (sid, state) in sound?.announced ?? [:] {
      if state == .inProgress { fail(.recordings, "recording \(sid) never came to an end") }
      if state == .completed, !files.contains(Watch.path(of: sid)) {
        fail(.recordings, "recording \(sid) is completed, and has no file")
      }
    }
    let accounted =
      counters.relayed + counters.strange + counters.malformed + counters.unwanted
      + counters.withheld
    if counters.received != accounted {
      fail(.exactAudio, "\(counters.received) packets came, and \(accounted) are accounted for")
    }
  }
}
