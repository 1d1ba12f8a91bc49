import CRCML

/// The commands, and how the tool ends: 0 done, 1 the thing failed, 2 wrong usage.
enum Tool {
  static let commands: [Command] = [
    .serve, .call, .answer, .check, .simulate, .trace, .why, .replay, .settings, .codes,
    .completion,
  ]

  static func run(_ arguments: [String]) -> Int32 {
    guard let name = arguments.first else {
      Words.error(help)
      return 2
    }
    switch name {
    case "--help", "-h", "help":
      return help(Array(arguments.dropFirst()))
    case "--version":
      Words.out("rcml " + String(cString: rcml_version()))
      return 0
    default: break
    }
    guard let command = command(name) else { return 2 }
    do throws(Problem) {
      let options = try Options(Array(arguments.dropFirst()), of: command)
      if options.has("help") {
        Words.out(command.help)
        return 0
      }
      return try command.run(options)
    } catch let problem {
      Words.error("rcml \(name): " + problem.text)
      return problem.status
    }
  }

  private static func command(_ name: String) -> Command? {
    if let command = commands.first(where: { $0.name == name }) { return command }
    let names = commands.map(\.name)
    Words.error(
      "rcml: no command \"\(name)\"" + PlainText.suggestion(for: name, among: names)
        + " rcml --help lists them.")
    return nil
  }

  /// `rcml help` lists the commands, `rcml help COMMAND` says what one takes.
  private static func help(_ topics: [String]) -> Int32 {
    guard let topic = topics.first(where: { !$0.hasPrefix("-") }) else {
      Words.out(help)
      return 0
    }
    guard let command = command(topic) else { return 2 }
    Words.out(command.help)
    return 0
  }

  private static var help: String {
    var text = "rcml runs RCML documents: <Dial><Sip> between SIP phones.\n\n"
    for command in commands {
      text += "  " + Command.padded("rcml " + command.name, to: 17) + command.summary + "\n"
    }
    text +=
      "\nrcml help COMMAND says more. Exit status: 0 done, 1 the thing failed, 2 wrong usage.\n"
    text +=
      "With --json, standard output holds one JSON object per line and words go to standard error."
    return text
  }
}

/// Why a command ends before its time.
struct Problem: Error {
  var status: Int32
  var text: String

  static func usage(_ text: String) -> Problem { Problem(status: 2, text: text) }
  static func failed(_ text: String) -> Problem { Problem(status: 1, text: text) }
}
