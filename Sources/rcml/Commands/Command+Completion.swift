extension Command {
  static let completion = Command(
    name: "completion", summary: "prints what a shell completes rcml with: bash, zsh or fish",
    operands: "SHELL", options: [help]
  ) { options throws(Problem) in
    let shells: [String: any Completion.Type] = [
      "bash": BashCompletion.self, "zsh": ZshCompletion.self, "fish": FishCompletion.self,
    ]
    let name = try options.operand("SHELL")
    guard let shell = shells[name] else {
      throw .usage(
        "no shell \"\(name)\"" + PlainText.suggestion(for: name, among: shells.keys.sorted())
          + " bash, zsh and fish are known.")
    }
    Words.out(shell.script(Tool.commands))
    return 0
  }
}
