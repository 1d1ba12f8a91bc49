import RCMLAgent
import RCMLBasics
import RCMLMedia

/// What happens to sound in a world.
enum SoundEvent {
  case spurt(voice: Int, packets: Int)
  case speak(voice: Int, left: Int)
  case press(voice: Int, VoiceScript.Press)
  case event(voice: Int, key: UInt8, step: Int, timestamp: UInt32, press: Int)
  case packet(voice: Int, [UInt8], from: SocketAddress, to: UInt16, press: Int?)
  case video(voice: Int, [UInt8], from: SocketAddress, to: UInt16)
  /// It sends from there, from now on.
  case sendsFrom(voice: Int, SocketAddress)
  case rebind(voice: Int)
  case spray
  case neighbour
}

/// The voices of the phones: what they say, when, and how it gets to us.
extension World {
  func prepareSound() {
    guard let sound = scenario.sound else { return }
    media.portLimit = sound.portLimit
    media.sounds = { source in
      guard case .speech(let request) = source, let said = World.speech(request.text) else {
        return nil
      }
      return PromptCode.samples(said.code, milliseconds: said.milliseconds)
    }
    media.disk = scenario.extras?.disk.map { VirtualDisk($0, beginning: World.beginning) }
    media.changedFile = { [unowned self] path, offset, bytes in
      note(.files, path, [.number(offset), .octets(bytes)])
    }
    media.wrote = { [unowned self] path in watch.wrote(path, media.files[path] ?? []) }
    watch.sound = WatchedSound(sound)
    watch.soundVoice = { [unowned self] address in voiceIndex[address].map { voices[$0] } }
    for index in phones.indices {
      let caller = index < sound.callers.count
      phones[index].voice =
        caller ? sound.callers[index] : sound.callees[index - sound.callers.count]
    }
  }

  /// Said by its number and its length in milliseconds; anything else cannot be said.
  static func speech(_ text: String) -> (code: Int, milliseconds: Int)? {
    let words = text.split(separator: " ").compactMap { Int($0) }
    return words.count == 2 ? (words[0], words[1]) : nil
  }

  func startSound() {
    for instant in scenario.sound?.sprays ?? [] {
      agenda.add(.sound(.spray), at: now + .milliseconds(instant))
    }
    for instant in scenario.sound?.neighbours ?? [] {
      agenda.add(.sound(.neighbour), at: now + .milliseconds(instant))
    }
  }

  func finishSound() {
    guard watch.violation == nil, scenario.sound != nil else { return }
    if media.openCount != 0 || media.engine.count != 0 {
      watch.fail(
        .nothingIsLeft, "\(media.openCount) streams, \(media.engine.count) things of the engine")
    }
    watch.finishSound(files: Array(media.files.keys), counters: media.engine.counters)
  }

  // MARK: where they are

  /// A phone said where it listens.
  func listens(_ phone: Int, _ call: Int, _ fork: Int, _ port: UInt16, _ video: UInt16) {
    var named = phones[phone].soundAddress
    named.port = port
    defer { watchesVideo(phone, call, fork, video) }
    let usage = phones[phone].calls[call]
    if let known = voices.first(where: {
      $0.phone == phone && $0.call == call && $0.fork == fork
    }) {
      move(known, to: named)
      voiceIndex[named] = known.number
      return
    }
    guard let script = phones[phone].voice, voices.count < 250 else { return }
    let voice = Voice(
      number: voices.count, phone: phone, callID: usage.callID, call: call, fork: fork,
      script: script, named: named, dice: Dice(seed).split(701 + UInt64(voices.count)))
    place(voice)
    voiceIndex[named] = voice.number
    voices.append(voice)
    if !phones[phone].isCaller, let description = VoiceDescription(usage.invite) {
      learn(description, voice)
    }
  }

  private func watchesVideo(_ phone: Int, _ call: Int, _ fork: Int, _ port: UInt16) {
    guard
      let voice = voices.first(where: { $0.phone == phone && $0.call == call && $0.fork == fork })
    else { return }
    var named = phones[phone].soundAddress
    named.port = port
    voice.videoNamed = port == 0 ? nil : named
    if port != 0 { videoIndex[named] = voice.number }
  }

  /// A phone heard where we listen.
  func learn(_ message: SipText, _ phone: Int) {
    guard scenario.sound != nil, message.hasBody, !phones[phone].isGone,
      let description = VoiceDescription(message)
    else { return }
    for voice in voices where voice.phone == phone && voice.callID == message.callID {
      learn(description, voice)
    }
  }

  private func learn(_ description: VoiceDescription, _ voice: Voice) {
    guard voice.learn(description), !voice.isStarted else { return }
    voice.isStarted = true
    for spurt in voice.script.spurts {
      agenda.add(
        .sound(.spurt(voice: voice.number, packets: spurt.packets)),
        at: now + .milliseconds(spurt.after))
    }
    for press in voice.script.presses {
      agenda.add(
        .sound(.press(voice: voice.number, press)), at: now + .milliseconds(press.after))
    }
    let key = Phone.SoundKey(call: voice.call, fork: voice.fork)
    if let instant = voice.script.source.rebinds {
      agenda.add(.sound(.rebind(voice: voice.number)), at: now + .milliseconds(instant))
    }
    for reoffer in voice.script.reoffers {
      agenda.add(
        .phone(voice.phone, .reoffer(key, reoffer.change)), at: now + .milliseconds(reoffer.after))
    }
  }

  // MARK: what they say

  func happen(_ event: SoundEvent) {
    switch event {
    case .spurt(let number, let packets):
      // Nobody says two things at once.
      guard !voices[number].isSpeaking else { return }
      voices[number].beginSpurt()
      speak(voices[number], packets)
    case .speak(let number, let left): speak(voices[number], left)
    case .press(let number, let press): begin(press, voices[number])
    case .event(let number, let key, let step, let timestamp, let press):
      self.press(voices[number], key, step, timestamp, press)
    case .packet(let number, let octets, let from, let port, let press):
      arrive(octets, voices[number], from: from, port: port, press: press)
    case .video(let number, let octets, let from, let port):
      arriveVideo(octets, voices[number], from: from, port: port)
    case .sendsFrom(let number, let address): arrive(voices[number], at: address)
    case .rebind(let number): rebind(voices[number])
    case .spray: spray()
    case .neighbour: neighbour()
    }
  }

  private func speak(_ voice: Voice, _ left: Int) {
    guard left > 0, !phones[voice.phone].isGone, let target = voice.target else {
      voice.isSpeaking = false
      return
    }
    voice.isSpeaking = true
    if let octets = voice.speak(at: now) { send(octets, voice, target.port) }
    film(voice)
    agenda.add(
      .sound(.speak(voice: voice.number, left: left - 1)),
      at: now + .milliseconds(voice.script.speechTime))
  }

  private func begin(_ press: VoiceScript.Press, _ voice: Voice) {
    guard !phones[voice.phone].isGone, voice.target != nil else { return }
    if press.way != .event {
      let key = Phone.SoundKey(call: voice.call, fork: voice.fork)
      agenda.add(.phone(voice.phone, .press(press.key, key)), at: now)
    }
    if press.way != .info {
      let timestamp = voice.beginPress(at: now)
      self.press(voice, press.key, 1, timestamp, voice.presses)
    }
  }

  private func press(
    _ voice: Voice, _ key: UInt8, _ step: Int, _ timestamp: UInt32, _ press: Int
  ) {
    guard !phones[voice.phone].isGone, let target = voice.target,
      let octets = voice.event(key, step: step, timestamp)
    else { return }
    send(octets, voice, target.port, press: press)
    guard step < 8 else { return }
    agenda.add(
      .sound(
        .event(voice: voice.number, key: key, step: step + 1, timestamp: timestamp, press: press)),
      at: now + .milliseconds(20))
  }

  /// On its way, with what is wrong with this network.
  private func send(_ octets: [UInt8], _ voice: Voice, _ port: UInt16, press: Int? = nil) {
    let faults = voice.script.faults
    var octets = octets
    if voice.dice.chance(faults.drop) { return }
    if press == nil, voice.dice.chance(faults.wrongType) { octets[1] = 77 }
    if voice.dice.chance(faults.truncated) { octets = Array(octets.prefix(voice.dice.below(40))) }
    if voice.dice.chance(faults.garbage) {
      let count = voice.dice.below(60)
      let garbage = (0..<count).map { _ in UInt8(truncatingIfNeeded: voice.dice.next()) & 0x7f }
      agenda.add(
        .sound(
          .packet(voice: voice.number, garbage, from: voice.sendsFrom, to: port, press: nil)),
        at: now + .milliseconds(2))
    }
    let copies = voice.dice.chance(faults.duplicate) ? 2 : 1
    for _ in 0..<copies {
      let late = voice.dice.chance(faults.late) ? voice.dice.below(faults.latest) : 0
      agenda.add(
        .sound(
          .packet(voice: voice.number, octets, from: voice.sendsFrom, to: port, press: press)),
        at: now + .milliseconds(5 + late))
    }
  }

  // MARK: what arrives

  private func arrive(
    _ octets: [UInt8], _ voice: Voice, from: SocketAddress, port: UInt16, press: Int?
  ) {
    guard let stream = media.stream(atPort: port) else { return }
    packets += 1
    let before = media.engine.counters
    let forward = media.receive(octets, from: from, port: port, at: now)
    let after = media.engine.counters
    let isTaken =
      before.strange == after.strange && before.malformed == after.malformed
      && watch.maySpeak(voice)
    if octets.count >= 12 { voice.note(arrivalFrom: from, at: now) }
    let isStrange = before.strange != after.strange
    if isStrange || isTaken { watch.judged(voice, from: from, isStrange: isStrange) }
    watch.arrived(octets, of: voice, isTaken: isTaken, forward: forward, press: press)
    if isTaken { watch.noteForRecordings(octets, voice, stream, media.recordings) }
    if let forward {
      packets += 1
      check(forward, from: voice)
    }
    watch.beginKeys(voice, octets, isTaken: isTaken, press: press)
    hand(media.takeEvents(at: now))
    watch.endKeys()
    carryPackets()
  }
}
