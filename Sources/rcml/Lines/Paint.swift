import Glibc

/// Colours for people who look at a terminal; none in a pipe, nor where NO_COLOR is set (no-color.org).
struct Paint: Sendable {
  enum Tone: Sendable {
    case plain, faint, good, warning, bad
  }

  let isOn: Bool

  init(isOn: Bool) { self.isOn = isOn }

  /// `descriptor`: where the lines go.
  init(descriptor: Int32) {
    func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
    isOn = isatty(descriptor) == 1 && variable("NO_COLOR").isEmpty && variable("TERM") != "dumb"
  }

  func callAsFunction(_ text: String, _ tone: Tone) -> String {
    guard isOn, let code = Paint.code(tone) else { return text }
    return "\u{1b}[\(code)m\(text)\u{1b}[0m"
  }

  private static func code(_ tone: Tone) -> String? {
    switch tone {
    case .plain: nil
    case .faint: "2"
    case .good: "32"
    case .warning: "33"
    case .bad: "31"
    }
  }
}
