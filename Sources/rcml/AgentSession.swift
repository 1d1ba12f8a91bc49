import CRCML
import Glibc

/// An agent, its loop, and the signals that end it. The first signal drains, the second stops, the third leaves.
final class AgentSession {
  let agent: OpaquePointer
  let printer: EventPrinter
  private let signals: Int32
  private var signalCount = 0
  /// No status callback was given up (spec Q-6).
  private(set) var isEverythingDelivered = true
  private let web: LocalWeb
  private var timers: [(at: Int64, act: () -> Void)] = []
  private var refusals = RefusalLines()
  /// Octets of `--log` (setting `log_limit`).
  private var logLimit = 0
  private var isSpeechProgramNamed = false

  /// Settings first, then listeners: from then on calls may come.
  init(
    _ options: Options, listenOtherwise: [String] = [], obeysHangup: Bool = false
  ) throws(Problem) {
    web = try LocalWeb(options)
    signals = try Signals.watch(hangup: obeysHangup)
    let log = try options.one("log")
    printer = EventPrinter(
      json: options.has("json"),
      time: try LineTime(options, hasDate: log != nil || isatty(2) != 1),
      paint: log == nil ? Paint(descriptor: 2) : Paint(isOn: false))
    var error = AgentSession.noError()
    guard let made = rcml_agent_create(&error) else { throw .failed(AgentSession.text(of: error)) }
    agent = made
    try web.begin(agent)
    if let path = try options.one("journal") {
      try check(rcml_agent_journal(agent, Files.absolute(path), &error), error)
    }
    try applySettings(options)
    try Words.begin(isJSON: printer.json, log: log, limit: logLimit)
    let addresses = options.all("listen").isEmpty ? listenOtherwise : options.all("listen")
    guard !addresses.isEmpty else {
      throw .usage("--listen is missing, say --listen udp:127.0.0.1:5060.")
    }
    for address in addresses {
      let result = rcml_agent_listen(agent, address, &error)
      if result == RCML_E_ADDRESS.rawValue { throw .usage(AgentSession.text(of: error)) }
      try check(result, error)
    }
  }

  deinit { rcml_agent_destroy(agent) }

  private func applySettings(_ options: Options) throws(Problem) {
    for line in try SettingLine.all(options) { try set(line) }
    if let pair = try options.one("require-auth") { try set("require_auth=" + pair, where: "") }
    if let mode = try options.one("media") { try set("media=" + mode, where: "--") }
    if let folder = try options.one("recordings") {
      try set("recordings=" + Files.absolute(folder), where: "--")
    }
    if options.has("http-log") { try set("http_log=true", where: "") }
    if options.has("transport-log") { try set("transport_log=true", where: "") }
  }

  /// Somebody has to speak: the first program that is there, unless one was named.
  func wantSpeech() throws(Problem) {
    guard !isSpeechProgramNamed else { return }
    guard let program = ["flite", "espeak-ng"].first(where: Files.isProgram) else {
      throw .failed(
        "--say needs a speech program: install flite or espeak-ng, or name one by "
          + "--set speech_program=PROGRAM.")
    }
    try set("speech_program=" + program, where: "--say ")
  }

  func set(_ pair: String, where place: String) throws(Problem) {
    try set(SettingLine(pair, where: place))
  }

  private func set(_ line: SettingLine) throws(Problem) {
    var error = AgentSession.noError()
    guard rcml_agent_set(agent, line.name, line.value, &error) == RCML_OK.rawValue else {
      throw .usage(line.place + AgentSession.text(of: error))
    }
    // The agent has looked at it; it is about a file of ours.
    if line.name == "log_limit" { logLimit = Int(line.value) ?? 0 }
    if line.name == "speech_program" { isSpeechProgramNamed = true }
  }

  /// The URIs of all listeners, as bound.
  var uris: [String] {
    var found: [String] = []
    var buffer = [CChar](repeating: 0, count: 256)
    while rcml_agent_listener(agent, found.count, &buffer, buffer.count) > 0 {
      found.append(
        buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" })
    }
    return found
  }

  /// Where calls, scrapers and readers are welcome.
  func announce() {
    printer.listening(uris, metrics: web.metricsURL, page: web.pageURL)
  }

  // MARK: The loop

  /// Once, after that many milliseconds.
  func after(_ milliseconds: Int64, _ act: @escaping () -> Void) {
    timers.append((AgentSession.now + milliseconds, act))
  }

  /// Until the agent has drained. False when the user would not wait for that.
  func loop(_ handle: (rcml_event) -> Void) throws(Problem) -> Bool {
    var event = AgentSession.noEvent()
    var hasDrained = false
    while !hasDrained {
      try check(rcml_agent_process(agent), AgentSession.noError())
      while rcml_agent_next_event(agent, &event) > 0 {
        show(event)
        hasDrained = hasDrained || event.kind == Int32(RCML_EVENT_DRAINED.rawValue)
        if event.kind == Int32(RCML_EVENT_REQUEST.rawValue) { refuse(event) }
        if event.kind == Int32(RCML_EVENT_TARGET.rawValue) {
          rcml_agent_answer_target(agent, event.request, true, nil, nil, nil, nil)
        }
        if event.kind == Int32(RCML_EVENT_URL.rawValue) {
          rcml_agent_answer_url(agent, event.request, true, nil)
        }
        if event.kind == Int32(RCML_EVENT_VERB.rawValue) {
          rcml_agent_answer_verb(agent, event.request, false, nil, nil)
        }
        if event.kind == Int32(RCML_EVENT_SPEECH.rawValue) {
          rcml_agent_answer_speech(agent, event.request, nil, nil, 0, nil)
        }
        if event.kind == Int32(RCML_EVENT_FINDING.rawValue) {
          isEverythingDelivered = isEverythingDelivered && !isLostCallback(event)
        }
        handle(event)
      }
      runTimers()
      for due in refusals.popDue(at: AgentSession.now) { write(due.line, due.count) }
      if !hasDrained {
        if sleep() { guard obeySignals() else { return false } }
      }
    }
    for rest in refusals.popAll() { write(rest.line, rest.count) }
    return true
  }

  func show(_ event: rcml_event) {
    guard let line = printer.line(event) else { return }
    guard event.kind == Int32(RCML_EVENT_REFUSED.rawValue) else { return write(line, 1) }
    let kind = "\(event.sip_code) " + (event.text.map { String(cString: $0) } ?? "")
    if let now = refusals.add(kind, line, at: AgentSession.now) { write(now, 1) }
  }

  private func write(_ line: EventLine, _ count: Int) {
    Words.event(line.text(count, printer.paint), isObject: printer.json)
  }

  private func isLostCallback(_ event: rcml_event) -> Bool {
    event.name.map { String(cString: $0) } == "callback-failed"
  }

  /// Nobody serves host: URLs in a tool.
  private func refuse(_ event: rcml_event) {
    rcml_agent_answer_request(agent, event.request, 404, nil, nil, 0, nil)
  }

  private func runTimers() {
    let now = AgentSession.now
    let due = timers.filter { $0.at <= now }
    timers.removeAll { $0.at <= now }
    for timer in due { timer.act() }
  }

  /// Whether a signal has come.
  private func sleep() -> Bool {
    var watched = [
      pollfd(fd: rcml_agent_fd(agent), events: Int16(POLLIN), revents: 0),
      pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
    ]
    var milliseconds = rcml_agent_deadline_ms(agent)
    let now = AgentSession.now
    var limits = timers.map { max(0, $0.at - now) }
    if let end = refusals.deadline { limits.append(max(0, end - now)) }
    watched += web.watched
    if let left = web.left(at: now) { limits.append(left) }
    for left in limits where milliseconds < 0 || left < milliseconds { milliseconds = left }
    poll(&watched, nfds_t(watched.count), Int32(clamping: milliseconds))
    if watched.dropFirst(2).contains(where: { $0.revents != 0 })
      || web.left(at: AgentSession.now) == 0
    {
      web.work(at: AgentSession.now, agent)
    }
    return watched[1].revents != 0
  }

  private func obeySignals() -> Bool {
    for signal in Signals.take(signals) {
      if signal == SIGHUP {
        readFilesAgain()
        continue
      }
      signalCount += 1
      switch signalCount {
      case 1:
        Words.error("No new calls; ending when the last one is over. Once more: end them now.")
        rcml_agent_drain(agent)
      case 2:
        Words.error("Ending all calls. Once more: leave without waiting for the other sides.")
        rcml_agent_stop(agent)
      default:
        return false
      }
    }
    return true
  }

  /// Certificates that were renewed (spec T-9): setting one of their files reads all of them.
  private func readFilesAgain() {
    for name in ["tls_certificate", "tls_ca", "tls_crl"] {
      var path = [CChar](repeating: 0, count: 4_096)
      guard rcml_agent_get(agent, name, &path, path.count, nil) > 0 else { continue }
      var error = AgentSession.noError()
      if rcml_agent_set(agent, name, path, &error) < 0 {
        Words.error(AgentSession.text(of: error))
      } else {
        Words.error("The files of TLS are read again.")
      }
      return
    }
  }

  // MARK: Small things

  func check(_ result: Int32, _ error: rcml_error) throws(Problem) {
    guard result < 0 else { return }
    let text = AgentSession.text(of: error)
    throw .failed(text.isEmpty ? String(cString: rcml_status_text(result)) : text)
  }

  static func text(of error: rcml_error) -> String {
    withUnsafeBytes(of: error.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  static func noError() -> rcml_error {
    var error = rcml_error()
    error.struct_size = MemoryLayout<rcml_error>.size
    return error
  }

  static func noEvent() -> rcml_event {
    var event = rcml_event()
    event.struct_size = MemoryLayout<rcml_event>.size
    return event
  }

  /// Monotonic milliseconds.
  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
