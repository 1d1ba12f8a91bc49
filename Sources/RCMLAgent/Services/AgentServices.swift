import RCMLBasics
import RCMLDial
import RCMLSIP

/// What a call reaches of the world outside it, and all it reaches: lines, the web, the host, sounds, numbers, settings.
///
/// Calls hold it and it holds the calls, so the agent takes the table apart when it goes.
final class AgentServices {
  private var settingsDesk = SettingsDesk()
  private var random = RandomSource(seed: 0)
  private(set) var web: WebClient
  let outputs = OutputQueue()
  let calls = CallTable()
  let lines: Lines
  let callbacks = CallbackDelivery()
  let sounds = SoundDesk()
  let questions = HostQuestions()
  let pending = PendingInputs()
  let deadlines: CallDeadlines
  /// For the effects of calls, used again and again; more than one, because an answer comes amid effects.
  private var spare: [CallEffects] = []

  init() {
    web = WebClient(random: random, settings: WebSettings())
    lines = Lines(random: random, settings: Settings(), outputs: outputs)
    deadlines = CallDeadlines(calls: calls)
  }

  /// The first input: from now on everything is drawn from this.
  func start(_ entropy: [UInt8], _ wall: WallClock) {
    random = RandomSource(seed: entropy)
    lines.start(random: random.split(), settings: settings)
    web = WebClient(random: random.split(), settings: settings.web)
    set(wall)
  }

  /// How calls behave that begin now; another object whenever a setting was set.
  var rules: CallRules { settingsDesk.rules }
  var settings: Settings { rules.settings }

  var wall: WallClock { web.wall }

  func set(_ wall: WallClock) { web.wall = wall }

  /// Nil: as if it had never been set.
  func set(_ name: String, _ value: String?) -> Result<Void, Refusal> {
    let before = rules.settings
    var settings = before
    if case .failure(let problem) = settings.set(name, value) {
      return .failure(Refusal(code: RefusalCode.setting, text: problem.text))
    }
    settingsDesk.use(settings)
    lines.apply(settings)
    web.settings = settings.web
    if settings.dnsServer != before.dnsServer {
      outputs.append(.names(.useServers(Array(settings.dnsServer.utf8))))
    }
    outputs.mirror.turn(on: !settings.hep.isEmpty)
    if settings.rtpPorts != before.rtpPorts { outputs.append(.usePorts(settings.rtpPorts)) }
    return .success(())
  }

  /// The settings of a call that has some of its own; nil = it has none. `isBeginning`: it is just being made.
  func own(_ given: [CallSetting], isBeginning: Bool) -> Result<OwnSettings?, Refusal> {
    settingsDesk.own(given, isBeginning: isBeginning)
      .mapError { Refusal(code: RefusalCode.setting, text: $0.text) }
  }

  /// What is told by a finding of its own.
  func count(_ limit: Limit) { outputs.count(limit) }

  /// A limit has refused something: the host is told, and it is counted (spec Y-13).
  func refuse(_ limit: Limit, _ count: UInt64 = 1) { outputs.refuse(limit, count) }

  /// For what one call wants done; to be given back when it is done.
  func lendEffects() -> CallEffects { spare.popLast() ?? CallEffects() }

  func giveBack(_ effects: CallEffects) {
    effects.removeAll()
    if spare.count < 4 { spare.append(effects) }
  }

  /// Where our RTP is for a party of the host's: where the world finds us (T-5), or else an address we listen on; nil
  /// when that is all of them.
  var shownAddress: SocketAddress? {
    let local = lines.localAddress
    return SocketAddress.read(host: Array(settings.publicAddress.utf8)[...], port: 0)
      ?? (local.isWildcard ? nil : local)
  }

  // MARK: chance

  func makeCallSid() -> CallSid { CallSid(from: &random) }
  func makeRecordingSid() -> String { Recording.makeSid(from: &random) }
  func splitRandom() -> RandomSource { random.split() }

  /// An `o=` session id: 62 bits, so that no reader of 64 signed ones stumbles.
  func makeOrigin() -> UInt64 { random.next() >> 2 }
}
