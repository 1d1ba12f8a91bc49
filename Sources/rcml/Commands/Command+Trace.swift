import CRCML

extension Command {
  static let trace = Command(
    name: "trace",
    summary: "draws the ladder of a journal, lists its calls, or makes a page or packets of it",
    operands: "JOURNAL",
    options: [
      Option("list", nil, "one line a call: number, start, CallSid, from, to, duration, ending"),
      Option("call", "CALL", "only this call: its number, its CA... or Call-ID"),
      Option("last", nil, "only the call that began last"),
      Option("failed", nil, "only calls that did not complete, or in which something failed"),
      Option("utc", nil, "times of UTC instead of this machine's"),
      Option("relative", nil, "seconds since the call began instead of times"),
      Option("json", nil, "one JSON object a call, and one a message, request and event"),
      Option("html", "FILE", "write one page that needs nothing else: calls, ladders, messages"),
      Option("pcapng", "FILE", "write the SIP messages as packets, for Wireshark and sngrep"),
      help,
    ]
  ) { options throws(Problem) in
    let path = try options.operand("JOURNAL")
    var request = TraceRequest()
    request.call = try options.one("call")
    request.choice = try choice(options)
    request.time = try time(options)
    if let capture = try options.one("pcapng") {
      guard request.choice == nil else {
        throw .usage("--pcapng takes --call, and neither --last nor --failed.")
      }
      let messages = try TraceMessage.read(path, call: request.call)
      try Files.write(PacketCapture(messages).bytes, to: capture)
    }
    if let page = try options.one("html") {
      request.form = "json"
      let made = Page(objects: try request.read(journal: path), title: Files.name(of: path))
      try Files.write(made.octets, to: page)
    }
    guard try options.one("pcapng") == nil, try options.one("html") == nil else { return 0 }
    request.form = options.has("json") ? "json" : options.has("list") ? "list" : "ladder"
    for piece in try request.read(journal: path) { Words.out(withoutLineEnd(piece)) }
    return 0
  }

  static let why = Command(
    name: "why",
    summary: "says of each call that failed why it ended as it did, and what to try",
    operands: "JOURNAL [CALL]",
    options: [
      Option("utc", nil, "times of UTC instead of this machine's"),
      Option("json", nil, "one JSON object a call"), help,
    ]
  ) { options throws(Problem) in
    guard let path = options.operands.first else { throw .usage("JOURNAL is missing.") }
    guard options.operands.count <= 2 else {
      throw .usage("\"\(options.operands[2])\" is one too many.")
    }
    var request = TraceRequest()
    request.form = options.has("json") ? "calls" : "why"
    request.time = options.has("utc") ? "utc" : "local"
    if options.operands.count == 2 { request.call = options.operands[1] }
    // A call that is named is told of in any case; otherwise those that failed, or the last when none did.
    if request.call == nil, try hasFailures(path) {
      request.choice = "failed"
    } else if request.call == nil {
      request.choice = "last"
    }
    for piece in try request.read(journal: path) { Words.out(withoutLineEnd(piece)) }
    return 0
  }

  private static func hasFailures(_ path: String) throws(Problem) -> Bool {
    var request = TraceRequest()
    request.form = "calls"
    request.choice = "failed"
    return try !request.read(journal: path).isEmpty
  }

  private static func choice(_ options: Options) throws(Problem) -> String? {
    guard !options.has("last") || !options.has("failed") else {
      throw .usage("--last and --failed: one of them.")
    }
    return options.has("last") ? "last" : options.has("failed") ? "failed" : nil
  }

  private static func time(_ options: Options) throws(Problem) -> String {
    guard !options.has("utc") || !options.has("relative") else {
      throw .usage("--utc and --relative: one of them.")
    }
    return options.has("utc") ? "utc" : options.has("relative") ? "relative" : "local"
  }

  private static func withoutLineEnd(_ text: String) -> String {
    text.hasSuffix("\n") ? String(text.dropLast()) : text
  }
}
