import CSystem
import Glibc
import RCMLAgent
import RCMLBasics

/// What this machine says of a setting that is about to be set: whether there is such a program or folder (spec Q-35). The
/// core, which reads no files, has judged the text of it, or will.
enum SettingCheck {
  /// What is wrong with the settings that a command sets, of the agent or of one call.
  static func problem(in command: Command) -> String? {
    switch command {
    case .set(let name, let value): problem(name, value)
    case .call(_, _, _, _, let settings), .onCall(_, .set(let settings)): problem(settings)
    case .hostCall(let caller, _): problem(caller.settings)
    case .reset, .onCall, .answer, .defaultDocument, .drain, .stop: nil
    }
  }

  private static func problem(_ settings: [CallSetting]) -> String? {
    for setting in settings {
      if let found = problem(setting.name, setting.value) { return found }
    }
    return nil
  }

  /// A sentence; nil = nothing is wrong with it here.
  static func problem(_ name: String, _ value: String) -> String? {
    guard !value.isEmpty, !value.utf8.contains(0) else { return nil }
    switch name {
    case "speech_program": return program(value)
    case "recordings" where value.hasPrefix("/"):
      return folder(value, mode: R_OK | W_OK | X_OK, done: "written to").map {
        "The setting recordings: \($0)."
      }
    case "sounds" where value.hasPrefix("/"):
      return folder(value, mode: R_OK | X_OK, done: "read").map { "The setting sounds: \($0)." }
    case "tls_ca", "tls_certificate", "tls_key", "tls_crl":
      return SecureContext.problem(in: value, of: name).map { "The setting \(name): \($0)." }
    case "tls_keylog": return keylog(value).map { "The setting tls_keylog: \($0)." }
    default: return nil
    }
  }

  /// It is made here, so that it is nobody's but ours.
  private static func keylog(_ path: String) -> String? {
    let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { return "“\(path)” cannot be written to: \(errorText(-errno))" }
    close(file)
    return nil
  }

  private static func program(_ value: String) -> String? {
    let program =
      value.hasSuffix(Settings.markupWord)
      ? String(value.dropLast(Settings.markupWord.count)) : value
    guard !program.withCString({ system_program_exists($0) }) else { return nil }
    let place = program.contains("/") ? "" : " in PATH"
    return "The setting speech_program: there is no program “\(program)”\(place). "
      + "Install it, or name another: flite, espeak-ng, or the path of one."
  }

  private static func folder(_ path: String, mode: Int32, done: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return "“\(path)”: \(errorText(-errno))" }
    guard status.st_mode & S_IFMT == S_IFDIR else { return "“\(path)” is no folder" }
    return access(path, mode) == 0
      ? nil : "“\(path)” cannot be \(done): \(errorText(-errno))"
  }
}
