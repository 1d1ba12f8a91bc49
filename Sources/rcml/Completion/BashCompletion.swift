enum BashCompletion: Completion {
  static func script(_ commands: [Command]) -> String {
    var text = """
      # bash completion for rcml
      _rcml() {
        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
        COMPREPLY=()
        if [ "$COMP_CWORD" -eq 1 ]; then
          COMPREPLY=($(compgen -W "\(commands.map(\.name).joined(separator: " ")) help" -- "$word"))
          return
        fi
        case $command in
          help) COMPREPLY=($(compgen -W "\(commands.map(\.name).joined(separator: " "))" -- "$word")) ;;

      """
    for command in commands {
      text += "    \(command.name))\n      case $before in\n"
      for option in command.options {
        guard let value = option.value else { continue }
        text += "        --\(option.name)) \(reply(Completable(value))); return ;;\n"
      }
      let options = command.options.map { "--" + $0.name }.joined(separator: " ")
      text += """
              esac
              case $word in
                -*) COMPREPLY=($(compgen -W "\(options)" -- "$word")) ;;
                *) \(reply(Completable(command.operands))) ;;
              esac ;;

        """
    }
    return text + "  esac\n}\ncomplete -o filenames -F _rcml rcml"
  }

  private static func reply(_ what: Completable) -> String {
    switch what {
    case .files: #"COMPREPLY=($(compgen -f -- "$word"))"#
    case .folders: #"COMPREPLY=($(compgen -d -- "$word"))"#
    case .words(let words):
      #"COMPREPLY=($(compgen -W ""# + words.joined(separator: " ") + #"" -- "$word"))"#
    case .nothing: "COMPREPLY=()"
    }
  }
}
