/// One command as a table: its options are parsed and its help is written from it.
struct Command: Sendable {
  struct Option: Sendable {
    var name: String
    /// What its value is called; nil = it has none.
    var value: String?
    var help: String

    init(_ name: String, _ value: String? = nil, _ help: String) {
      self.name = name
      self.value = value
      self.help = help
    }
  }

  var name: String
  var summary: String
  /// What stands behind the options: `PARTY`, `FILE...`; empty = nothing.
  var operands = ""
  var options: [Option]
  var run: @Sendable (Options) throws(Problem) -> Int32

  static let json = Option("json", nil, "one JSON object per line on standard output")
  static let help = Option("help", nil, "this text")

  /// What every command that has an agent takes.
  static let agentOptions = [
    Option(
      "listen", "ADDRESS",
      "udp:127.0.0.1:5060, tcp:[::1]:5060;public=HOST; port 0 = any; may be repeated"
    ),
    Option("set", "NAME=VALUE", "a setting; may be repeated"),
    Option("settings", "FILE", "settings, one name=value a line, # begins a comment"),
    Option("journal", "FILE", "write everything that happens, for rcml trace and rcml replay"),
    Option(
      "media", "MODE", "anchored: sound comes by here; direct: from phone to phone; auto: as needed"
    ),
    Option("recordings", "DIR", "the folder recordings are written to"),
    Option("log", "FILE", "write what happens into FILE, anew after log_limit octets"),
    Option("transport-log", nil, "show every SIP message, secrets masked"),
    Option(
      "http-log", nil, "show every request to a web server and its answer, 2048 octets of each body"
    ),
    Option("utc", nil, "times are UTC, not local"),
    Option("relative", nil, "times are seconds since the start"),
    Option("metrics", "HOST:PORT", "serve counters for Prometheus at http://HOST:PORT/metrics"),
    json, help,
  ]

  static let documentOptions = [
    Option("document", "FILE", "the RCML document; - reads standard input"),
    Option("url", "URL", "where to ask for the document"),
    Option("method", "GET|POST", "how to ask for it (POST)"),
  ]

  func option(named name: String) -> Option? { options.first { $0.name == name } }

  var help: String {
    var text = "usage: rcml \(name) [options]" + (operands.isEmpty ? "" : " " + operands) + "\n"
    text += summary + "\n\n"
    for option in options {
      let shown = "--" + option.name + (option.value.map { " " + $0 } ?? "")
      text += "  " + Command.padded(shown, to: 26) + option.help + "\n"
    }
    return String(text.dropLast())
  }

  static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(2, width - text.count))
  }
}
