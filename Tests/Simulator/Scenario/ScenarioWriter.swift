import RCMLBasics

/// Draws a scenario from a seed.
struct ScenarioWriter {
  private var dice: Dice
  private var scenario = Scenario()
  private var pageCount = 0
  /// Callees with a noun that asks for no `completed` callback.
  private var uncalled: Set<String> = []

  private var sounds: SoundWriter?
  private let seed: UInt64

  init(seed: UInt64, hasSound: Bool = true) {
    self.seed = seed
    dice = Dice(seed).split(1)
    sounds = hasSound ? SoundWriter(seed: seed) : nil
  }

  mutating func draw() -> Scenario {
    scenario.faults = Faults(from: &dice)
    let callees = dice.one(of: [1, 1, 2, 2, 2, 3, 4, 6, 8])
    for index in 0..<callees {
      var writer = CalleeWriter(dice: dice.split(UInt64(100 + index)))
      var locks = CalleeWriter(dice: dice.split(UInt64(500 + index)))
      var script = writer.draw()
      script.lock = locks.drawLock()
      scenario.callees.append(
        Scenario.Callee(script: script, usesStream: dice.chance(20), isNamed: dice.chance(10)))
    }
    var asking = dice.split(600)
    if asking.chance(30) { scenario.settings.append(("ask_credentials", "true")) }
    if asking.chance(15) { scenario.settings.append(("ask_targets", "all")) }
    if asking.chance(15) { scenario.settings.append(("ask_urls", "all")) }
    if asking.chance(15) { scenario.settings.append(("ask_speech", "true")) }
    let callers = dice.chance(75) ? 1 : 2
    for index in 0..<callers { scenario.callers.append(caller(index)) }
    for _ in 0..<callers { sounds?.addCaller() }
    for _ in 0..<callees { sounds?.addCallee() }
    if sounds?.offersLate() ?? false { scenario.callers[0].hasOffer = false }
    scenario.isPlain = dice.chance(15)
    let depth = scenario.isPlain ? 0 : dice.one(of: [0, 0, 1, 2])
    let document = response(depth: depth)
    switch dice.below(3) {
    case 0: scenario.serving = .defaultText(document)
    case 1: scenario.serving = .defaultURL(page(document))
    default: scenario.serving = .host(document, after: dice.one(of: [0, 1, 50, 2_000]))
    }
    for setting in ScenarioWriter.settings where dice.chance(6) {
      scenario.settings.append((setting.name, dice.one(of: setting.values)))
    }
    if scenario.settings.contains(where: { $0.name == "screening_winner" }) {
      scenario.screens = true
    }
    if dice.chance(25) {
      for _ in 0..<dice.within(1...6) {
        scenario.noise.append((dice.within(0...10_000), NoiseWriter.datagram(&dice)))
      }
    }
    if dice.chance(8) {
      let star = Scenario.HostAct.digit(UInt8(ascii: "*"))
      let acts: [Scenario.HostAct] = [.hangUp, .endDial, .drain, .stop, star]
      scenario.hostActs.append((dice.within(0...20_000), dice.one(of: acts)))
    }
    scenario.calledBack = Set(scenario.callees.indices.map { "callee\($0)" }).subtracting(uncalled)
    addSound()
    addHostParties()
    if WorldKind(of: seed) == .larger {
      var writer = ExtrasWriter(seed: seed)
      scenario.extras = writer.draw(callers: callers, callees: callees)
      scenario.settings += writer.settings()
      var nats = NATWriter(seed: seed)
      nats.place(&scenario)
    }
    return scenario
  }

  /// Only where nobody listens to what is sent: the voices of a world are phones.
  private mutating func addHostParties() {
    var dice = dice.split(850)
    guard scenario.sound == nil, !scenario.isPlain,
      let parties = HostPartyScenario.draw(&dice)
    else { return }
    scenario.hostParties = parties
    if parties.targets > 0 { scenario.settings.append(("ask_targets", "all")) }
  }

  private mutating func addSound() {
    guard let sounds else { return }
    scenario.settings += sounds.settings
    scenario.pages.merge(sounds.pages) { $1 }
    scenario.sound = sounds.sound
    let early = scenario.settings.last { $0.name == "early_media" }
    scenario.sound?.earlyMedia = early?.value ?? "single"
  }

  /// What may be set otherwise without making another invariant of it.
  private static let settings: [(name: String, values: [String])] = [
    ("ringing_mode", ["on-ringing"]), ("screening_winner", ["first-answer"]),
    ("early_media", ["never", "always"]), ("cancel_wait", ["1", "20"]),
    ("answer_mode", ["immediate"]), ("after_bridge", ["hangup"]),
    ("callback_retries", ["0", "5"]), ("session_expires", ["90"]),
  ]

  private mutating func caller(_ index: Int) -> CallerScript {
    var script = CallerScript(startsAt: index == 0 ? 0 : dice.within(0...5_000))
    script.usesStream = dice.chance(20)
    script.hangsUpAfter = dice.chance(60) ? dice.within(0...20_000) : nil
    if dice.chance(30) {
      script.cancelsAfter = dice.one(of: [dice.within(0...300), dice.within(0...15_000)])
    }
    if dice.chance(5) { script.vanishesAfter = dice.within(0...20_000) }
    if dice.chance(4) { script.acknowledges = false }
    if dice.chance(2) { script.hasOffer = false }
    if dice.chance(10) { script.offersAgainAfter = dice.within(0...4_000) }
    var reliable = dice.split(UInt64(700 + index))
    script.reliability = reliable.one(of: [.unknown, .unknown, .unknown, .supported, .required])
    if reliable.chance(8) { script.acknowledgesRinging = false }
    return script
  }

  /// Puts a document on the web server and gives its URL.
  private mutating func page(_ document: String, under folder: String = "doc") -> String {
    pageCount += 1
    let path = "/\(folder)/\(pageCount)"
    var reply = WebReply(.document(document), delay: dice.one(of: [1, 20, 50, 500, 3_000]))
    if dice.chance(max(scenario.faults.web, folder == "screen" ? 10 : 0)) {
      reply.kind = fault(document)
    } else if folder == "status", dice.chance(40) {
      // Callback endpoints are the worst of all, in worlds without any other fault too (I-C7).
      reply = WebReply(fault(document), delay: dice.one(of: [0, 20, 3_000, 9_900, 12_000]))
    } else if dice.chance(5) {
      pageCount += 1
      let other = "/\(folder)/\(pageCount)"
      scenario.pages[other] = reply
      reply = WebReply(.redirect(other))
    } else if dice.chance(5) {
      // It answers when the call may be over.
      reply.delay = dice.within(4_000...14_000)
    }
    scenario.pages[path] = reply
    return "http://web.example" + path
  }

  private mutating func fault(_ document: String) -> WebReply.Kind {
    switch dice.below(13) {
    case 0: return .status(404)
    case 1: return .status(dice.one(of: [500, 503, 429, 408]))
    case 2: return .unreachable
    case 3: return .unresolved
    case 4: return .silent
    case 5: return .lying(document, contentType: dice.one(of: ["audio/wav", "text/plain", ""]))
    case 6: return .changing([document, "<Response><Hangup/></Response>", "<Response/>"])
    case 7: return .flapping(document)
    case 8: return .huge
    case 9: return .circle
    case 10: return .broken(dice.one(of: [.tls, .garbled, .connectTimedOut]))
    case 11: return .document("")
    default: return .document("<Response><Dial>not closed")
    }
  }

  /// `depth`: how many Dials may follow one another.
  private mutating func response(depth: Int) -> String {
    if scenario.isPlain { return "<Response>\(dial(depth: 0))</Response>" }
    var verbs: [String] = []
    if dice.chance(10) { verbs.append(#"<Pause length="\#(dice.within(1...3))"/>"#) }
    if let text = sounds?.beforeDial() { verbs.append(text) }
    if dice.chance(94) { verbs.append(dial(depth: depth)) }
    switch dice.below(8) {
    case 0: verbs.append("<Hangup/>")
    case 1: verbs.append(dice.chance(50) ? "<Reject/>" : #"<Reject reason="busy"/>"#)
    case 2: verbs.append(#"<Pause length="2"/>"#)
    case 3 where depth > 0: verbs.append("<Redirect>\(page(response(depth: depth - 1)))</Redirect>")
    case 4 where depth > 0: verbs.append(dial(depth: depth - 1))
    default: break
    }
    return "<Response>" + verbs.joined() + "</Response>"
  }

  /// What a called party is asked before it is connected (spec §7).
  private mutating func screening() -> String {
    let usual = silentScreening()
    return sounds?.screening() ?? usual
  }

  private mutating func silentScreening() -> String {
    switch dice.below(8) {
    case 0: return "<Response><Hangup/></Response>"
    case 1: return "<Response><Reject/></Response>"
    case 2: return "<Response><Dial>sip:nobody@10.0.9.9</Dial></Response>"
    case 3: return #"<Response><Pause length="2"/><Hangup/></Response>"#
    case 4:
      return "<Response><Redirect>\(page("<Response/>", under: "screen"))</Redirect></Response>"
    case 5: return #"<Response><Pause length="\#(dice.within(1...4))"/></Response>"#
    default: return "<Response/>"
    }
  }

  private mutating func statusEvents() -> String {
    dice.one(
      of: [
        "all", "all", "answered,completed", "ringing,completed", "initiated,answered", "completed",
      ])
  }

  private mutating func soundAttributes(_ attributes: String) -> String {
    func has(_ name: String) -> Bool {
      attributes.split(separator: " ").contains { $0.hasPrefix(name + "=") }
    }
    return sounds?.dial(hasLimit: has("timeLimit"), hasStar: has("hangupOnStar")) ?? ""
  }

  private mutating func dial(depth: Int) -> String {
    var attributes = ""
    let timeout = dice.one(of: [1, 2, 5, 5, 10, 20, 30, 40])
    scenario.shortestTimeout = min(scenario.shortestTimeout, timeout)
    attributes += #" timeout="\#(timeout)""#
    if dice.chance(30) { attributes += #" timeLimit="\#(dice.within(1...15))""# }
    if dice.chance(20) { attributes += #" sequential="true""# }
    if dice.chance(15) { attributes += #" answerOnBridge="\#(dice.chance(50))""# }
    if dice.chance(10) { attributes += #" hangupOnStar="true""# }
    attributes += soundAttributes(attributes)
    if !scenario.isPlain, dice.chance(35) {
      let reply = dice.chance(50) ? "<Response/>" : response(depth: max(0, depth - 1))
      attributes += #" action="\#(page(reply, under: "action"))""#
    } else {
      scenario.everyDialHasAction = false
    }
    var targets = ""
    for (index, callee) in scenario.callees.enumerated() where dice.chance(80) || index == 0 {
      var noun = ""
      let events = dice.chance(25) ? statusEvents() : nil
      if let events {
        let url = page("<Response/>", under: "status")
        noun += #" statusCallback="\#(url)?events=\#(events)""#
        if events != "all" { noun += #" statusCallbackEvent="\#(events)""# }
      }
      let isTold = events.map { $0 == "all" || $0.hasSuffix("completed") } ?? false
      if !isTold { uncalled.insert("callee\(index)") }
      let isScreened = !scenario.isPlain && dice.chance(12)
      if isScreened || (!scenario.isPlain && sounds?.screensMore() ?? false) {
        scenario.screens = true
        noun += #" url="\#(page(screening(), under: "screen"))" timeout="\#(dice.within(1...6))""#
      }
      if callee.script.lock?.isKnown ?? false {
        noun += #" username="\#(PhoneLock.username(of: index))""#
        noun += #" password="\#(PhoneLock.password(of: index))""#
      }
      targets += "<Sip\(noun)>\(Scenario.calleeURI(index, callee))</Sip>"
    }
    // Nobody lives there: an address without a phone, and a target that cannot be dialled.
    if dice.chance(5) { targets += "<Sip>sip:nobody@10.0.9.9:5060</Sip>" }
    if dice.chance(5) { targets += "<Sip>sip:bad host</Sip>" }
    return "<Dial\(attributes)>\(targets)</Dial>"
  }
}
