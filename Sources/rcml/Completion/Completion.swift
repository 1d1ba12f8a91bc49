import CRCML

/// What a shell offers behind `rcml`, made from the tables of the commands.
protocol Completion {
  static func script(_ commands: [Command]) -> String
}

/// What the value of an option, or an operand, can be completed with.
enum Completable {
  case files
  case folders
  case words([String])
  case nothing

  /// `text`: what the help calls it.
  init(_ text: String) {
    switch text {
    case _ where text.contains("FILE") || text.contains("JOURNAL"): self = .files
    case "DIR": self = .folders
    case "[NAME]": self = .words(Completable.settings)
    case "NAME=VALUE": self = .words(Completable.settings.map { $0 + "=" })
    case "header:NAME|uri:NAME": self = .words(["header:X-RCML-URL", "uri:rcml-url"])
    case "GET|POST": self = .words(["GET", "POST"])
    case "MODE": self = .words(["anchored", "direct", "auto"])
    case "COMMAND": self = .words(Tool.commands.map(\.name))
    case "SHELL": self = .words(["bash", "zsh", "fish"])
    default: self = .nothing
    }
  }

  private static var settings: [String] {
    var names: [String] = []
    var info = rcml_setting_info()
    info.struct_size = MemoryLayout<rcml_setting_info>.size
    while rcml_setting_entry(names.count, &info) > 0 { names.append(String(cString: info.name)) }
    return names
  }
}
