enum ZshCompletion: Completion {
  static func script(_ commands: [Command]) -> String {
    var text = "#compdef rcml\n_rcml() {\n  if (( CURRENT == 2 )); then\n    local -a names=(\n"
    for command in commands { text += "      \(quoted(command.name + ":" + command.summary))\n" }
    text += "      \(quoted("help:says what a command takes"))\n    )\n"
    text += "    _describe command names\n    return\n  fi\n"
    text += "  local name=$words[2]\n  shift words\n  (( CURRENT-- ))\n  case $name in\n"
    let names = commands.map(\.name).joined(separator: " ")
    text += "    help) _arguments \(quoted("1:command:(\(names))")) ;;\n"
    for command in commands {
      text += "    \(command.name)) _arguments"
      for option in command.options {
        let help = "--\(option.name)" + (option.value == nil ? "" : "=")
        // An option may come more than once only where its help says so.
        let again = option.help.contains("may be repeated") ? "*" : ""
        let value = option.value.map { ":\(clean($0)):" + action(Completable($0)) } ?? ""
        text += " \\\n      " + quoted("\(again)\(help)[\(clean(option.help))]\(value)")
      }
      if !command.operands.isEmpty {
        text +=
          " \\\n      "
          + quoted("*:\(clean(command.operands)):" + action(Completable(command.operands)))
      }
      text += " ;;\n"
    }
    return text + "  esac\n}\n_rcml \"$@\""
  }

  private static func action(_ what: Completable) -> String {
    switch what {
    case .files: "_files"
    case .folders: "_files -/"
    case .words(let words): "(" + clean(words.joined(separator: " ")) + ")"
    case .nothing: " "
    }
  }

  /// Colons and brackets are zsh's own.
  private static func clean(_ text: String) -> String {
    text.map { ":[]\\".contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
  }
}
