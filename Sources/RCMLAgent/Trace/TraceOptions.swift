import RCMLBasics
import RCMLDocument

/// What of a journal is shown, and how.
public struct TraceOptions: Sendable {
  public enum Form: Sendable {
    case ladder
    /// One line a call.
    case list
    /// Why each call ended as it did, and what to try.
    case why
    /// JSON: one object a call, and one for all that happened in it.
    case objects
    /// JSON: only the object of each call.
    case calls
  }

  public enum Choice: Sendable {
    case all
    /// Calls that did not complete, or in which something failed.
    case failed
    /// The call that began last.
    case last
  }

  public enum Time: Sendable {
    /// Seconds since the call began.
    case relative
    /// What the calendar said. `offset`: seconds east of Greenwich at so many seconds since 1970.
    case wall(offset: @Sendable (Int64) -> Int64)
  }

  /// What of the catalogue is asked for.
  public enum Topic: Hashable, Sendable {
    case finding(FindingCode)
    case reason(ReasonCode)
  }

  /// What the catalogue says of it.
  public struct Advice: Sendable {
    public var code: Int32
    public var name: String
    public var cause: String
    public var fix: String

    public init(code: Int32, name: String, cause: String, fix: String) {
      self.code = code
      self.name = name
      self.cause = cause
      self.fix = fix
    }
  }

  /// A number, a sid or its first characters, a Call-ID; nil = all that `choice` says.
  public var call: String?
  public var form = Form.ladder
  public var choice = Choice.all
  public var time = Time.relative
  public var width = 100
  /// Nil: the catalogue is silent.
  public var advice: @Sendable (Topic) -> Advice? = { _ in nil }

  public init() {}
}
