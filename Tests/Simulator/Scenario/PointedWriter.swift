import RCMLBasics

/// Draws a world about one thing that hardly ever happens in others: one caller, one called party, one Dial, and little
/// else going on. The seed says which thing, in turn.
struct PointedWriter {
  enum Subject: CaseIterable {
    /// Both phones offer again and again, think about it, hold, and take it back (U-50 … U-54).
    case offers
    /// re-INVITEs meet (RFC 3261 §14.1).
    case glare
    /// One of the two is a party of the host's.
    case hostParties
    /// `*` by INFO (L-34, U-62).
    case stars
    /// What phones say is no `180` or `183` (L-13).
    case ringing
    /// Nobody knows the password (M-30).
    case credentials
    /// The caller offers nothing that can be played to it (L-49).
    case refusals
    /// `*` by RTP.
    case heardStars
    /// Phones whose sound goes on from where it was (U-67).
    case moves
    /// Somebody else sends from behind the same NAT (U-67).
    case neighbours
    /// The caller leaves, and the called party does not hear of it.
    case departures
    /// Whatever happens while a stream of ours is still being opened (I-S5, L-49).
    case lateStreams
  }

  private let subject: Subject
  private var dice: Dice
  private var scenario = Scenario()
  private var extras = Extras()

  init(seed: UInt64) {
    let subjects = Subject.allCases
    subject = subjects[Int((seed - WorldKind.firstPointed) % UInt64(subjects.count))]
    dice = Dice(seed).split(920)
  }

  mutating func draw() -> Scenario {
    var faults = Faults()
    if dice.chance(35) { faults = Faults(from: &dice) }
    scenario.faults = faults
    scenario.isPlain = true
    scenario.everyDialHasAction = false
    scenario.shortestTimeout = 30
    addCaller()
    addCallee()
    write(dial())
    switch subject {
    case .offers: draw { $0.offers(1...6, apart: 50...3_000) }
    case .glare: draw { $0.glare() }
    case .hostParties: hostParties()
    case .stars: stars()
    case .ringing: ringing()
    case .credentials: credentials()
    case .refusals: refusals()
    case .heardStars: heardStars()
    case .moves: moves()
    case .neighbours: neighbours()
    case .departures: departures()
    case .lateStreams: lateStreams()
    }
    scenario.extras = extras
    return scenario
  }

  // MARK: who is there

  private mutating func addCaller() {
    var caller = CallerScript(startsAt: 0)
    caller.hangsUpAfter = dice.within(6_000...25_000)
    scenario.callers.append(caller)
    extras.callers.append(PhoneExtras())
    extras.callerBodies.append(nil)
  }

  private mutating func addCallee() {
    let ring = CalleeScript.Step(after: dice.one(of: [0, 20, 200]), code: 180)
    let answer = CalleeScript.Step(
      after: dice.one(of: [0, 100, dice.within(0...2_000)]), code: 200, body: .good)
    var script = CalleeScript(name: "answers", steps: dice.chance(80) ? [ring, answer] : [answer])
    if dice.chance(30) { script.hangsUpAfter = dice.within(5_000...25_000) }
    scenario.callees.append(
      Scenario.Callee(script: script, usesStream: false, isNamed: false))
    extras.callees.append(PhoneExtras())
    extras.calleeBodies.append(nil)
  }

  private func dial(_ attributes: String = "", sip: String = "") -> String {
    let target = Scenario.calleeURI(0, scenario.callees[0])
    return "<Dial timeout=\"30\"\(attributes)><Sip\(sip)>\(target)</Sip></Dial>"
  }

  private mutating func write(_ verbs: String) {
    scenario.serving = .defaultText("<Response>\(verbs)</Response>")
  }

  /// Each of the two phones.
  private mutating func draw(_ script: (inout PhoneWriter) -> Void) {
    for place in extras.callers.indices {
      var writer = PhoneWriter(extras.callers[place], dice: Dice(dice.next()))
      script(&writer)
      extras.callers[place] = writer.phone
    }
    for place in extras.callees.indices {
      var writer = PhoneWriter(extras.callees[place], dice: Dice(dice.next()))
      script(&writer)
      extras.callees[place] = writer.phone
    }
  }

  // MARK: subjects without sound

  private mutating func hostParties() {
    var parties = HostPartyScenario()
    if dice.chance(50) {
      scenario.callers = []
      extras.callers = []
      extras.callerBodies = []
      var caller = HostPartyScenario.Caller(
        media: dice.one(of: [.sdp, .sdp, .sdp, .pcmu]), startsAt: 0,
        hangsUpAfter: dice.within(6_000...25_000))
      caller.hasOffer = dice.chance(70)
      if dice.chance(60) { caller.offersAfter = dice.within(0...4_000) }
      parties.callers = [caller]
    } else {
      parties.targets = 100
      if dice.chance(50) { parties.legsOfferAfter = dice.within(0...4_000) }
      scenario.settings.append(("ask_targets", "all"))
    }
    scenario.hostParties = parties
    stars()
    if dice.chance(50) { draw { $0.offers(1...3, apart: 100...3_000) } }
    draw { $0.keys() }
  }

  private mutating func stars() {
    scenario.starEndsEveryDial = dice.chance(60)
    write(dial(scenario.starEndsEveryDial ? " hangupOnStar=\"true\"" : ""))
    draw { $0.keys() }
  }

  private mutating func ringing() {
    var steps: [CalleeScript.Step] = []
    for _ in 0..<dice.within(1...4) {
      steps.append(
        CalleeScript.Step(
          after: dice.within(1...900), code: dice.one(of: [181, 182, 199, 180, 183])))
    }
    steps += scenario.callees[0].script.steps.suffix(1)
    scenario.callees[0].script.steps = steps
  }

  private mutating func credentials() {
    typealias Challenge = PhoneLock.Challenge
    let isProxy = dice.chance(50)
    var lock = PhoneLock(challenges: [
      Challenge(isProxy: isProxy, kind: dice.one(of: [.plain, .plain, .unusable, .both]))
    ])
    lock.isEndless = dice.chance(50)
    lock.isKnown = false
    scenario.callees[0].script.lock = lock
  }

  /// Sound comes by here, and the caller speaks nothing that we can: known at once, or once a called party has answered
  /// who speaks in frames.
  private mutating func refusals() {
    var sound = addSound()
    sound.callers[0].formats = [9]
    extras.callers[0].streams = dice.one(of: [.g722, .opus])
    if dice.chance(50) {
      var parties = HostPartyScenario()
      parties.targets = 100
      scenario.hostParties = parties
      scenario.settings.append(("ask_targets", "all"))
    } else if dice.chance(50) {
      scenario.sound = sound
    }
    scenario.isPlain = false
    let before = dice.one(of: ["", "", "<Pause length=\"1\"/>", "<Say>hello</Say>"])
    let after = dice.one(of: ["", "<Pause length=\"2\"/>", dial(), "<Say>bye</Say>"])
    var attributes = ""
    if dice.chance(50) { attributes += " answerOnBridge=\"\(dice.chance(50))\"" }
    if dice.chance(40) {
      scenario.pages["/action/1"] = WebReply(
        .document("<Response>\(dial())</Response>"), delay: dice.one(of: [1, 50, 500]))
      attributes += " action=\"http://web.example/action/1\""
    }
    var sip = ""
    // Whom something is said to is offered what we speak, too.
    if dice.chance(35) {
      scenario.settings.append(("recordings", "/recordings"))
      attributes += " record=\"record-from-answer\""
      scenario.callerHearsNothing = true
    } else if dice.chance(40) {
      scenario.screens = true
      scenario.pages["/screen/1"] = WebReply(
        .document(dice.one(of: ["<Response/>", "<Response><Pause length=\"1\"/></Response>"])))
      sip = " url=\"http://web.example/screen/1\""
      scenario.callerHearsNothing = true
    }
    write(before + dial(attributes, sip: sip) + after)
    if dice.chance(30) { scenario.settings.append(("answer_mode", "immediate")) }
  }

  // MARK: subjects with sound

  private mutating func addSound() -> SoundScenario {
    scenario.settings.append(("media", "anchored"))
    scenario.faults = Faults()
    scenario.callees[0].script.hangsUpAfter = nil
    scenario.callers[0].hangsUpAfter = dice.within(15_000...25_000)
    var sound = SoundScenario()
    sound.callers = [voice()]
    sound.callees = [voice()]
    return sound
  }

  /// It speaks all the time, or most of it.
  private mutating func voice() -> VoiceScript {
    var script = VoiceScript()
    script.formats = dice.one(of: [[0], [8], [0, 8]])
    script.spurts = [VoiceScript.Spurt(after: dice.within(0...200), packets: 700)]
    return script
  }

  private mutating func heardStars() {
    var sound = addSound()
    sound.starEndsEveryDial = true
    write(dial(" hangupOnStar=\"true\""))
    func press(_ key: UInt8) -> VoiceScript.Press {
      VoiceScript.Press(
        after: dice.within(2_500...9_000), key: key, way: dice.one(of: [.event, .event, .both]))
    }
    sound.callers[0].presses = [press(dice.one(of: [42, 42, 42, 49]))]
    if dice.chance(50) { sound.callees[0].presses = [press(dice.one(of: [42, 35]))] }
    scenario.sound = sound
  }

  private mutating func moves() {
    var sound = addSound()
    func move(_ script: inout VoiceScript) {
      script.source.lingers = dice.one(of: [0, 100, 400, 900])
      var after = dice.within(1_500...4_000)
      for _ in 0..<dice.within(1...3) {
        script.reoffers.append(VoiceScript.Reoffer(after: after, change: .move))
        after += dice.within(2_500...5_000)
      }
    }
    if dice.chance(70) { move(&sound.callers[0]) }
    if dice.chance(70) { move(&sound.callees[0]) }
    scenario.sound = sound
  }

  private mutating func neighbours() {
    var sound = addSound()
    sound.callers[0].source.origin = dice.one(of: [.otherPort, .behindNAT, .behindProxy])
    if dice.chance(50) {
      sound.callees[0].source.origin = dice.one(of: [.otherPort, .behindNAT, .behindProxy])
    }
    for _ in 0..<dice.within(2...6) { sound.neighbours.append(dice.within(2_000...14_000)) }
    if dice.chance(15) {
      sound.lock = "any"
      scenario.settings.append(("rtp_lock", "any"))
    }
    scenario.sound = sound
  }

  private mutating func departures() {
    var sound = addSound()
    let end = dice.within(3_000...9_000)
    scenario.callers[0].hangsUpAfter = end
    // Until its BYE is given up.
    scenario.faults.cut = (end - 500, 60_000, 1, true)
    scenario.settings.append(("media_timeout", "60"))
    if dice.chance(50) {
      sound.callers[0].reoffers = [
        VoiceScript.Reoffer(after: end - dice.within(20...900), change: .move)
      ]
    }
    scenario.sound = sound
  }

  private mutating func lateStreams() {
    scenario.sound = addSound()
    scenario.isPlain = false
    extras.opensAfter = dice.one(of: [30, 400, 1_200, 2_500])
    scenario.settings.append(("recordings", "/recordings"))
    if dice.chance(40) { scenario.callers[0].cancelsAfter = dice.within(0...4_000) }
    scenario.callers[0].hangsUpAfter = dice.within(300...8_000)
    if dice.chance(50) { scenario.callees[0].script.hangsUpAfter = dice.within(1...4_000) }
    if dice.chance(30) { scenario.settings.append(("answer_mode", "immediate")) }
    let word = dice.one(of: [
      "record-from-ringing", "record-from-ringing-dual", "record-from-answer", "do-not-record",
    ])
    let target = Scenario.calleeURI(0, scenario.callees[0])
    let limits = dice.one(of: [
      "timeout=\"1\"", "timeout=\"2\"", "timeout=\"30\"", "timeout=\"30\" timeLimit=\"1\"",
    ])
    let first = "<Dial \(limits) record=\"\(word)\"><Sip>\(target)</Sip></Dial>"
    let before = dice.one(of: ["", "", "<Pause length=\"1\"/>"])
    let after = dice.one(of: ["", "<Pause length=\"1\"/>", dial(" record=\"record-from-ringing\"")])
    write(before + first + after)
  }
}
