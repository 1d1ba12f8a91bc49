import RCMLBasics

/// One thing worth saying about a document, where it stands and what to do about it.
public struct Finding: Hashable, Sendable {
  public enum Severity: UInt8, Hashable, Sendable { case note, warning, error }

  public var severity: Severity
  public var code: FindingCode
  /// From 1; 0 = the finding has no place in the text.
  public var line: Int
  /// From 1, counted in characters of the decoded text.
  public var column: Int
  /// One sentence: what is wrong, and what was done or is to be done. Never a secret.
  public var text: String
  /// What it was, where that is finer than `code` (spec E-9); nil = it is not, or nothing failed.
  public var reason: ReasonCode?

  public init(
    severity: Severity, code: FindingCode, line: Int = 0, column: Int = 0, text: String,
    reason: ReasonCode? = nil
  ) {
    self.reason = reason
    self.severity = severity
    self.code = code
    self.line = line
    self.column = column
    self.text = text
  }
}
