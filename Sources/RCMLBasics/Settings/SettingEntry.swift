/// One setting: all that is known of it. What may be set, what is read back, what the manual says and what a host is told of
/// it comes from here (spec Q-35).
public struct SettingEntry: Sendable {
  public enum Kind: Int32, CaseIterable, Sendable {
    case choice = 1
    case flag
    case number
    case seconds
    case text
    case list
    /// It is in no log, event or journal, and is not read back.
    case secret
  }

  public let name: String
  public let kind: Kind
  /// For people: `one of on-bridge, immediate`, `a number from 0 to 10`.
  public let values: String
  /// Of numbers and seconds.
  public private(set) var range: ClosedRange<Int>?
  /// One sentence.
  public let text: String
  /// A value that it may have.
  public let example: String
  /// Where the specification has it.
  public let clause: String
  public private(set) var theme = Theme.calls
  /// False: the value cannot be read, nothing was changed.
  let put: @Sendable (inout Settings, String) -> Bool
  /// As `put` takes it.
  let get: @Sendable (Settings) -> String
  /// What is wrong with a value, in half a sentence, where more can be said than `values` says.
  let problem: @Sendable (String) -> String?

  init(
    _ name: String, _ kind: Kind, values: String, range: ClosedRange<Int>? = nil, text: String,
    example: String, clause: String,
    problem: @escaping @Sendable (String) -> String? = { _ in nil },
    get: @escaping @Sendable (Settings) -> String,
    put: @escaping @Sendable (inout Settings, String) -> Bool
  ) {
    self.name = name
    self.kind = kind
    self.values = values
    self.range = range
    self.text = text
    self.example = example
    self.clause = clause
    self.problem = problem
    self.get = get
    self.put = put
  }

  /// What settings are about: the chapters of the manual.
  public enum Theme: String, CaseIterable, Sendable {
    case calls, limits, sound, documents, web, callbacks, sip, network, numbers, host, files
  }

  func about(_ theme: Theme) -> SettingEntry {
    var entry = self
    entry.theme = theme
    return entry
  }

  /// As a fresh agent has it.
  public var defaultValue: String { kind == .secret ? "" : get(Settings()) }

  /// What the presets say of it, by their names.
  public var presets: [(preset: String, value: String)] {
    Settings.presets.sorted { $0.key < $1.key }.compactMap { preset, values in
      values.first { $0.0 == name }.map { (preset, $0.1) }
    }
  }
}
