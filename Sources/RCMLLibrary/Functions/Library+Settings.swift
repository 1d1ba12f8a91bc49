// swift-format-ignore-file: AlwaysUseLowerCamelCase
// The names are those of rcml.h.

import CRCML
import RCMLBasics
import RCMLReactor

/// The table of settings with its words as C strings that live as long as the process.
private enum ListedSettings {
  static let entries: [Entry] = Settings.table.map(Entry.init)

  struct Entry: @unchecked Sendable {
    var info = rcml_setting_info()

    init(_ setting: SettingEntry) {
      info.kind = setting.kind.rawValue
      info.name = CText.permanent(setting.name)
      info.theme = CText.permanent(setting.theme.rawValue)
      info.values = CText.permanent(setting.values)
      info.default_value = CText.permanent(setting.defaultValue)
      info.presets = CText.permanent(
        setting.presets.map { "\($0.preset)=\($0.value)" }.joined(separator: " "))
      info.text = CText.permanent(setting.text)
      info.example = CText.permanent(setting.example)
      info.clause = CText.permanent(setting.clause)
      info.minimum = Int64(setting.range?.lowerBound ?? 0)
      info.maximum = Int64(setting.range?.upperBound ?? 0)
      info.scope = CText.permanent(setting.scope.rawValue)
    }
  }
}

@c @implementation
public func rcml_setting_entry(
  _ index: Int, _ info: UnsafeMutablePointer<rcml_setting_info>?
) -> Int32 {
  guard let info else { return RCML_E_ARGUMENT.rawValue }
  guard index >= 0, index < ListedSettings.entries.count else { return 0 }
  let isWritten = SizedStruct.write(ListedSettings.entries[index].info, to: info)
  return isWritten ? 1 : RCML_E_ARGUMENT.rawValue
}

@c @implementation
public func rcml_agent_get(
  _ agent: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ buffer: UnsafeMutablePointer<CChar>?,
  _ size: Int, _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    guard let name = CText.read(name) else { throw .missing("The name") }
    guard size == 0 || buffer != nil else { throw .missing("The buffer") }
    let value = try handle.with { reactor throws(ReactorError) in try reactor.setting(name) }
    switch value {
    case .failure(let problem): throw Failure(RCML_E_SETTING, problem.text)
    case .success(let text):
      if let buffer { CText.copy(text, to: buffer, room: size) }
      return Int32(clamping: text.utf8.count)
    }
  }
}
