/// Draws the sound of a world: voices, prompts and what documents say of them. It has dice of its own, so that a
/// world without sound is what it was before there was any.
struct SoundWriter {
  private var dice: Dice
  private var videoDice: Dice
  private var cacheDice: Dice
  private var sources: SourceWriter
  private(set) var sound = SoundScenario()
  private(set) var pages: [String: WebReply] = [:]
  private(set) var settings: [(name: String, value: String)] = []
  private let recordsCalls: Bool
  private let musicIsUsed: Bool

  /// nil: a world without sound.
  init?(seed: UInt64) {
    dice = Dice(seed).split(700)
    videoDice = Dice(seed).split(790)
    cacheDice = Dice(seed).split(792)
    sources = SourceWriter(seed: seed)
    guard dice.chance(40) else { return nil }
    recordsCalls = dice.chance(50)
    musicIsUsed = dice.chance(15)
    sound.hasMusic = musicIsUsed
    sound.starEndsEveryDial = dice.chance(25)
    if dice.chance(70) { settings.append(("speech_program", "flite")) }
    if recordsCalls { settings.append(("recordings", "/recordings")) }
    if dice.chance(50) {
      settings.append(("media", dice.one(of: ["anchored", "anchored", "anchored", "direct"])))
    }
    if dice.chance(10) { settings.append(("media_timeout", "\(dice.within(3...30))")) }
    if dice.chance(10) { settings.append(("late_offer", "refuse")) }
    if dice.chance(10) { settings.append(("sound_cache", "0")) }
    if dice.chance(15) {
      settings.append(
        ("lost_race_prompt", url(.sound(code: PromptCode.farewell, milliseconds: 900))))
    }
    if dice.chance(8) { sound.portLimit = dice.within(0...3) }
    if dice.chance(20) {
      for _ in 0..<dice.within(1...20) { sound.sprays.append(dice.within(0...20_000)) }
    }
    sound.sprays += sources.sprays
    sound.lock = sources.lock
    if sources.lock != "once" { settings.append(("rtp_lock", sources.lock)) }
  }

  // MARK: phones

  mutating func addCaller() {
    var script = voice()
    if dice.chance(30) {
      script.presses.append(press(dice.one(of: [42, 42, 49, 53])))
    }
    addVideo(&script)
    sources.place(&script, isCallee: false)
    sound.callers.append(script)
  }

  mutating func addCallee() {
    var script = voice()
    if dice.chance(60) { script.presses.append(press(dice.chance(70) ? 49 : 50)) }
    if dice.chance(20) {
      var second = press(dice.one(of: [42, 35, 57]))
      // Nobody presses two keys at once.
      second.after += 1_000 + (script.presses.last?.after ?? 0)
      script.presses.append(second)
    }
    addVideo(&script)
    sources.place(&script, isCallee: true)
    sound.callees.append(script)
  }

  private mutating func addVideo(_ script: inout VoiceScript) {
    guard videoDice.chance(40) else { return }
    script.video = videoDice.one(of: [[97], [97], [97, 98], [98], [98, 97], [105]])
  }

  private mutating func press(_ key: UInt8) -> VoiceScript.Press {
    VoiceScript.Press(
      after: dice.within(200...9_000), key: key, way: dice.one(of: [.event, .event, .info, .both]))
  }

  private mutating func voice() -> VoiceScript {
    var script = VoiceScript()
    script.formats = dice.one(of: [[0], [8], [0, 8, 9], [8, 0], [9, 0], [0, 8]])
    script.eventType = dice.one(of: [101, 101, 101, 96, 0])
    script.packetTime = dice.one(of: [20, 20, 20, 10, 30, 40, 60, 0])
    script.isQuiet = dice.chance(10)
    script.isBehindNAT = dice.chance(10)
    script.spurts.append(spurt(0...100))
    if dice.chance(60) { script.spurts.append(spurt(800...4_000)) }
    if dice.chance(40) { script.spurts.append(spurt(4_000...15_000)) }
    if dice.chance(25) { script.reoffers = reoffers() }
    if dice.chance(50) { script.faults = faults() }
    return script
  }

  private mutating func spurt(_ range: ClosedRange<Int>) -> VoiceScript.Spurt {
    VoiceScript.Spurt(after: dice.within(range), packets: dice.within(10...70))
  }

  private mutating func reoffers() -> [VoiceScript.Reoffer] {
    typealias Reoffer = VoiceScript.Reoffer
    let begin = dice.within(500...5_000)
    if dice.chance(40) { return [Reoffer(after: begin, change: .move)] }
    let hold: VoiceScript.Change =
      dice.chance(30)
      ? .holdByAddress : .hold(direction: dice.one(of: ["sendonly", "recvonly", "inactive"]))
    let resume = Reoffer(after: begin + dice.within(300...4_000), change: .resume)
    return [Reoffer(after: begin, change: hold), resume]
  }

  private mutating func faults() -> VoiceScript.Faults {
    var faults = VoiceScript.Faults()
    if dice.chance(40) { faults.drop = dice.one(of: [1, 5, 20]) }
    if dice.chance(30) { faults.burst = 50 }
    if dice.chance(30) { faults.duplicate = dice.one(of: [2, 20]) }
    if dice.chance(30) {
      faults.late = dice.one(of: [5, 30])
      faults.latest = dice.one(of: [30, 200])
    }
    if dice.chance(20) { faults.wrongType = 5 }
    if dice.chance(20) { faults.truncated = 5 }
    if dice.chance(20) { faults.garbage = 10 }
    if dice.chance(20) { faults.newSource = 60 }
    if dice.chance(20) { faults.jump = 60 }
    return faults
  }

  /// The INVITE has no offer: ours stands in the 200.
  mutating func offersLate() -> Bool { dice.chance(6) }

  // MARK: documents

  /// What the caller hears before the Dial.
  mutating func beforeDial() -> String {
    var text = ""
    if dice.chance(20) { text += say(PromptCode.main) }
    if dice.chance(20) { text += play(PromptCode.main) }
    if dice.chance(6) { text += "<Play digits=\"\(dice.one(of: ["1w2", "9", "w5"]))\"/>" }
    if dice.chance(12) {
      let reply = "<Response>" + say(PromptCode.main) + "</Response>"
      text += gather(PromptCode.main, folder: "gather", digits: 2, right: reply, wrong: reply)
    }
    if recordsCalls, dice.chance(8) {
      let action = url(.document("<Response/>"), folder: "message")
      text +=
        "<Record action=\"\(action)\" timeout=\"\(dice.within(1...3))\" maxLength=\"\(dice.within(1...6))\" "
        + "playBeep=\"\(dice.chance(50))\"/>"
    }
    return text
  }

  /// What a called party is asked; nil = as without sound.
  mutating func screening() -> String? {
    guard dice.chance(75) else { return nil }
    let wrong = dice.chance(70) ? "<Response><Hangup/></Response>" : "<Response/>"
    var text = dice.chance(30) ? say(PromptCode.screening) : ""
    if dice.chance(20) { text += play(PromptCode.screening) }
    if dice.chance(70) {
      text += gather(
        PromptCode.screening, folder: "screen", digits: 1, right: "<Response/>", wrong: wrong)
      if dice.chance(60) { text += "<Hangup/>" }
    }
    if recordsCalls, dice.chance(8) {
      sound.recordsScreened = true
      text +=
        "<Record action=\"\(url(.document("<Response/>"), folder: "screen"))\" timeout=\"1\"/>"
    }
    return "<Response>" + text + "</Response>"
  }

  mutating func screensMore() -> Bool { dice.chance(30) }

  /// More attributes of a Dial.
  mutating func dial(hasLimit: Bool, hasStar: Bool) -> String {
    var text = ""
    if sound.starEndsEveryDial, !hasStar { text += " hangupOnStar=\"true\"" }
    if musicIsUsed, dice.chance(70) {
      text += " dialMusic=\"\(soundURL(PromptCode.music, 3_000))\""
    }
    var limit: Int?
    if recordsCalls, dice.chance(70) {
      let words = [
        "record-from-answer", "record-from-answer-dual", "record-from-ringing",
        "record-from-ringing-dual",
      ]
      text += " record=\"\(dice.one(of: words))\""
      if dice.chance(60) {
        let callback = url(
          dice.chance(60) ? .document("") : .status(500), folder: "recording",
          delay: dice.one(of: [0, 20, 3_000]))
        text +=
          " recordingStatusCallback=\"\(callback)\""
          + " recordingStatusCallbackEvent=\"in-progress completed absent\""
      }
      limit = dice.within(4...20)
    }
    if !hasLimit, dice.chance(15) { limit = dice.within(4...20) }
    if !hasLimit, let limit {
      text += " timeLimit=\"\(limit)\""
      if dice.chance(40) { text += " x-warn=\"\(dice.within(1...3))\"" }
    }
    return text
  }

  private mutating func say(_ codes: ClosedRange<Int>) -> String {
    let isDumb = dice.chance(15)
    let text = isDumb ? "nothing" : "\(dice.within(codes)) \(dice.within(100...1_500))"
    return "<Say loop=\"\(dice.within(1...2))\">\(text)</Say>"
  }

  private mutating func play(_ codes: ClosedRange<Int>) -> String {
    "<Play>\(soundURL(dice.within(codes), dice.within(100...1_500)))</Play>"
  }

  private mutating func gather(
    _ codes: ClosedRange<Int>, folder: String, digits: Int, right: String, wrong: String
  ) -> String {
    let action = url(.keys("1", right: right, wrong: wrong), folder: folder)
    var prompts = dice.chance(70) ? play(codes) : ""
    if dice.chance(30) { prompts += "<Pause length=\"1\"/>" }
    if dice.chance(40) { prompts += say(codes) }
    return
      "<Gather numDigits=\"\(digits)\" timeout=\"\(dice.within(1...4))\" action=\"\(action)\">\(prompts)</Gather>"
  }

  /// Mostly a sound; else a page that is slow, wrong, dead or has no end.
  private mutating func soundURL(_ code: Int, _ milliseconds: Int) -> String {
    let sound = WebReply.Kind.sound(code: code, milliseconds: milliseconds)
    guard dice.chance(25) else {
      return keeping(url(sound, delay: dice.one(of: [1, 20, 200, 1_000])))
    }
    switch dice.below(7) {
    case 0: return url(.status(404))
    case 1: return url(.lying("<html>no sound</html>", contentType: "audio/wav"))
    case 2: return url(.huge, delay: 4_000)
    case 3: return url(.silent)
    case 4: return url(.unreachable)
    case 5: return url(.document(""))
    default: return keeping(url(sound, delay: dice.within(3_000...12_000)))
    }
  }

  /// Half of them say how long they may be kept, and for whom; some stand behind a redirect that says so, too.
  private mutating func keeping(_ url: String) -> String {
    let path = String(url.dropFirst("http://web.example".count))
    let fields = cacheFields(path)
    pages[path]?.cacheFields = fields
    guard cacheDice.chance(15) else { return url }
    let first = self.url(.redirect(path), delay: cacheDice.one(of: [1, 300]))
    let firstFields = cacheFields(nil)
    pages[String(first.dropFirst("http://web.example".count))]?.cacheFields = firstFields
    return first
  }

  /// `path`: it has a tag by which it may be asked about.
  private mutating func cacheFields(_ path: String?) -> [WebReply.CacheField] {
    guard cacheDice.chance(50) else { return [] }
    let control = cacheDice.one(of: [
      "no-store", "private", "private, max-age=5", "no-cache", "max-age=0", "max-age=3",
      "max-age=600", "public, s-maxage=2, max-age=600", "private, max-age=0, must-revalidate",
    ])
    var fields = [WebReply.CacheField(name: "cache-control", value: control)]
    if let path, cacheDice.chance(60) { fields.append(.init(name: "etag", value: "\"\(path)\"")) }
    if cacheDice.chance(8) { fields.append(.init(name: "vary", value: "*")) }
    if cacheDice.chance(8) { fields.append(.init(name: "set-cookie", value: "")) }
    return fields
  }

  private mutating func url(
    _ kind: WebReply.Kind, folder: String = "sound", delay: Int = 20
  ) -> String {
    let path = "/\(folder)/s\(pages.count)"
    pages[path] = WebReply(kind, delay: delay)
    return "http://web.example" + path
  }
}
