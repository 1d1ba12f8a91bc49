/// The arguments of a command, read by its table.
struct Options {
  private let command: Command
  private var values: [String: [String]] = [:]
  private(set) var operands: [String] = []

  init(_ arguments: [String], of command: Command) throws(Problem) {
    self.command = command
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "-h" {
        values["help"] = [""]
      } else if argument == "--" {
        operands += rest
        break
      } else if argument.hasPrefix("--") {
        try take(argument, &rest, of: command)
      } else if argument.hasPrefix("-"), argument.count > 1 {
        throw .usage("no option \(argument); see rcml \(command.name) --help.")
      } else {
        operands.append(argument)
      }
    }
    if command.operands.isEmpty, let stray = operands.first {
      throw .usage("\"\(stray)\" stands alone; see rcml \(command.name) --help.")
    }
  }

  private mutating func take(
    _ argument: String, _ rest: inout ArraySlice<String>, of command: Command
  ) throws(Problem) {
    let parts = argument.dropFirst(2).split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let option = command.option(named: name) else {
      let known = command.options.map { "--" + $0.name }
      throw .usage(
        "no option --\(name)" + PlainText.suggestion(for: "--" + name, among: known)
          + " See rcml \(command.name) --help.")
    }
    guard let value = option.value else {
      guard parts.count == 1 else { throw .usage("--\(name) has no value.") }
      values[name] = [""]
      return
    }
    if parts.count == 2 {
      values[name, default: []].append(String(parts[1]))
    } else if let next = rest.popFirst() {
      values[name, default: []].append(next)
    } else {
      throw .usage("--\(name) needs a value: \(value).")
    }
  }

  /// The command has such an option, given or not.
  func knows(_ name: String) -> Bool { command.option(named: name) != nil }

  func has(_ name: String) -> Bool { values[name] != nil }

  func all(_ name: String) -> [String] { values[name] ?? [] }

  func one(_ name: String) throws(Problem) -> String? {
    let given = all(name)
    guard given.count <= 1 else { throw .usage("--\(name) is given \(given.count) times.") }
    return given.first
  }

  func number(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
    guard let text = try one(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw .usage(
        "--\(name) \(text): a number from \(range.lowerBound) to \(range.upperBound) is needed.")
    }
    return number
  }

  /// Seconds, perhaps with a fraction, as milliseconds.
  func seconds(_ name: String) throws(Problem) -> Int64? {
    guard let text = try one(name) else { return nil }
    guard let seconds = Double(text), seconds >= 0, seconds <= 86_400 else {
      throw .usage("--\(name) \(text): seconds are needed, 0 to 86400.")
    }
    return Int64(seconds * 1000)
  }

  /// Exactly one operand.
  func operand(_ what: String) throws(Problem) -> String {
    guard let first = operands.first else { throw .usage("\(what) is missing.") }
    guard operands.count == 1 else { throw .usage("\"\(operands[1])\" is one too many.") }
    return first
  }
}
