import CRCML

extension Command {
  static let simulate = Command(
    name: "simulate",
    summary: "runs a document against scripted phones in virtual time, no network",
    operands: "FILE",
    options: [
      Option(
        "outcome", "LEG:STEPS",
        "1:180,after=2:200,after=3:key=1,after=5:bye; also none, refused; legs from 1, * = all, 0 = the caller"
      ),
      Option(
        "answer", "URL=FILE", "what a URL answers: a document, or a status, URL=404; * = others"),
      Option("set", "NAME=VALUE", "a setting; may be repeated"),
      Option("from", "URI", "who calls (sip:caller@192.0.2.2)"),
      Option("to", "URI", "who is called (sip:service@192.0.2.1)"),
      Option(
        "outgoing", nil, "call --to, and run the document once they answer; their steps are leg 0"),
      Option("caller-hangs-up", "SECONDS", "the caller leaves so long after calling"),
      Option("journal", "FILE", "write everything that happens, for rcml trace and rcml replay"),
      Option("seed", "N", "other ids and tags (0)"),
      json, help,
    ]
  ) { options throws(Problem) in
    let path = try options.operand("FILE")
    let bytes = try Files.read(path)
    // Notes speak of what a run will show: which URLs count from where, which nouns somebody resolves.
    let report = try DocumentReport(path: path, bytes: bytes).withoutNotes
    let runs = options.has("json") ? report.printJSON() : report.print(to: Words.out)
    guard runs else { return 1 }
    return try Simulation(options, document: bytes).run(
      options.all("outcome"), options.all("set"))
  }
}

/// One `rcml simulate`: what the header wants, and what it tells.
private final class Simulation {
  private let json: Bool
  private let printer: EventPrinter
  private var lent: [UnsafeMutablePointer<CChar>] = []
  private var answers: [UnsafeMutablePointer<rcml_simulated_answer>] = []
  private var document = rcml_document()
  private var simulation = rcml_simulation()

  private var ladder = ""
  private var requests: [String] = []
  private var warnings: [String] = []
  private var results: [String] = []
  private var legs = 0

  init(_ options: Options, document bytes: [UInt8]) throws(Problem) {
    json = options.has("json")
    printer = EventPrinter(json: json)
    document.struct_size = MemoryLayout<rcml_document>.size
    simulation.struct_size = MemoryLayout<rcml_simulation>.size
    document.text = lend(bytes)
    document.length = bytes.count
    if let from = try options.one("from") { simulation.from = lend(Array(from.utf8)) }
    if let path = try options.one("journal") { simulation.journal = lend(Array(path.utf8)) }
    if let to = try options.one("to") { simulation.to = lend(Array(to.utf8)) }
    simulation.outgoing = options.has("outgoing")
    if simulation.outgoing, simulation.to == nil {
      throw .usage("--outgoing calls somebody: --to is missing, say --to sip:alice@example.com.")
    }
    simulation.caller_hangs_up_ms = try options.seconds("caller-hangs-up") ?? -1
    simulation.seed = UInt64(try options.number("seed", in: 0...Int.max) ?? 0)
    for pair in options.all("answer") { try addAnswer(pair) }
  }

  deinit {
    for text in lent { text.deallocate() }
    for answer in answers { answer.deallocate() }
  }

  /// A copy that lives as long as this does.
  private func lend(_ bytes: [UInt8]) -> UnsafePointer<CChar> {
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
    for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
    copy[bytes.count] = 0
    lent.append(copy)
    return UnsafePointer(copy)
  }

  /// URL=FILE or URL=STATUS; a URL may have an equals sign of its own, so the last one counts.
  private func addAnswer(_ pair: String) throws(Problem) {
    guard let mark = pair.lastIndex(of: "="), mark != pair.startIndex else {
      throw .usage("--answer \(pair): URL=FILE or URL=STATUS is needed.")
    }
    let what = String(pair[pair.index(after: mark)...])
    var answer = rcml_simulated_answer()
    answer.struct_size = MemoryLayout<rcml_simulated_answer>.size
    answer.url = lend(Array(pair[..<mark].utf8))
    if let status = Int32(what), what.count == 3 {
      answer.status = status
    } else {
      let bytes = try Files.read(what)
      answer.status = 200
      answer.body = lend(bytes)
      answer.length = bytes.count
    }
    let kept = UnsafeMutablePointer<rcml_simulated_answer>.allocate(capacity: 1)
    kept.initialize(to: answer)
    answers.append(kept)
  }

  func run(_ given: [String], _ settings: [String]) throws(Problem) -> Int32 {
    var error = AgentSession.noError()
    let outcomes = given.map { Optional(lend(Array($0.utf8))) }
    let settings = settings.map { Optional(lend(Array($0.utf8))) }
    let answers = answers.map { Optional(UnsafePointer($0)) }
    let result = withUnsafePointer(to: &document) { document in
      outcomes.withUnsafeBufferPointer { outcomes in
        settings.withUnsafeBufferPointer { settings in
          answers.withUnsafeBufferPointer { answers in
            simulation.document = document
            (simulation.outcomes, simulation.outcome_count) = (outcomes.baseAddress, outcomes.count)
            (simulation.settings, simulation.setting_count) = (settings.baseAddress, settings.count)
            (simulation.answers, simulation.answer_count) = (answers.baseAddress, answers.count)
            return rcml_simulate(
              &simulation, Simulation.happened, Simulation.drawn,
              Unmanaged.passUnretained(self).toOpaque(), &error)
          }
        }
      }
    }
    if result >= 0 { tellUnused(given) }
    show()
    switch result {
    case 0: return 0
    case 1: throw .failed("a status callback was lost.")
    case RCML_E_LIMIT.rawValue, RCML_E_STATE.rawValue, RCML_E_FILE.rawValue:
      throw .failed(AgentSession.text(of: error))
    default: throw .usage(AgentSession.text(of: error))
    }
  }
}

/// What it tells.
extension Simulation {
  private static let happened: rcml_simulation_function = { context, at, event in
    guard let context, let event else { return }
    Unmanaged<Simulation>.fromOpaque(context).takeUnretainedValue().note(event.pointee, at: at)
  }

  private static let drawn: rcml_text_function = { context, piece, length in
    guard let context, let piece else { return }
    Unmanaged<Simulation>.fromOpaque(context).takeUnretainedValue().ladder += String(
      decoding: UnsafeRawBufferPointer(start: piece, count: length), as: UTF8.self)
  }

  private func note(_ event: rcml_event, at milliseconds: Int64) {
    if json { return printer.show(event, at: milliseconds) }
    let sentence = time(milliseconds) + "  " + (printer.sentence(event) ?? "")
    switch rcml_event_kind(UInt32(bitPattern: event.kind)) {
    case RCML_EVENT_REQUEST:
      requests.append(
        time(milliseconds) + "  \(String(cString: event.method)) \(String(cString: event.url))"
          + " → \(event.code)")
      for parameter in String(cString: event.body).split(separator: "&") {
        requests.append("             " + parameter)
      }
    case RCML_EVENT_FINDING: warnings.append(sentence)
    case RCML_EVENT_STATUS where String(cString: event.name) == "initiated": legs += 1
    case RCML_EVENT_STATUS where String(cString: event.name) == "completed":
      results.append(sentence)
    case RCML_EVENT_DIAL, RCML_EVENT_ENDED: results.append(sentence)
    default: break
    }
  }

  /// A slip of the pen is easily overlooked: an outcome for a leg that never was.
  private func tellUnused(_ outcomes: [String]) {
    for outcome in outcomes {
      guard let leg = Int(outcome.prefix { $0 != ":" }), leg > legs else { continue }
      warnings.append("             --outcome \(outcome): only \(legs) legs came to be")
    }
  }

  private func time(_ milliseconds: Int64) -> String {
    let seconds = "\(milliseconds / 1000)." + String(milliseconds % 1000 + 1000).dropFirst()
    return String(repeating: " ", count: max(0, 11 - seconds.count)) + seconds
  }

  private func show() {
    if json {
      var line = JSONLine()
      line.add("event", "ladder")
      line.add("text", ladder)
      if !ladder.isEmpty { Words.out(line.text) }
      return
    }
    if !ladder.isEmpty { Words.out(ladder) }
    for (head, lines) in [("requests", requests), ("warnings", warnings), ("results", results)]
    where !lines.isEmpty {
      Words.out(head + "\n" + lines.joined(separator: "\n") + (head == "results" ? "" : "\n"))
    }
  }
}
