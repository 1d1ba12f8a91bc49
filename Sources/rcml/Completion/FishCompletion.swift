enum FishCompletion: Completion {
  static func script(_ commands: [Command]) -> String {
    var lines = ["# fish completion for rcml", "complete -c rcml -f"]
    for command in commands {
      lines.append(
        "complete -c rcml -n __fish_use_subcommand -a \(command.name) -d \(quoted(command.summary))"
      )
    }
    lines.append(
      "complete -c rcml -n __fish_use_subcommand -a help -d 'says what a command takes'")
    let names = commands.map(\.name).joined(separator: " ")
    lines.append("complete -c rcml -n '__fish_seen_subcommand_from help' -a '\(names)'")
    for command in commands {
      let head = "complete -c rcml -n '__fish_seen_subcommand_from \(command.name)'"
      for option in command.options {
        let value = option.value.map { " -r" + action(Completable($0)) } ?? ""
        lines.append("\(head) -l \(option.name)\(value) -d \(quoted(option.help))")
      }
      let operands = action(Completable(command.operands))
      if !operands.isEmpty { lines.append(head + operands) }
    }
    return lines.joined(separator: "\n")
  }

  private static func action(_ what: Completable) -> String {
    switch what {
    case .files: " -F"
    case .folders: " -a '(__fish_complete_directories)'"
    case .words(let words): " -a '\(words.joined(separator: " "))'"
    case .nothing: ""
    }
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.map { "'\\".contains($0) ? "\\\($0)" : String($0) }.joined() + "'"
  }
}
