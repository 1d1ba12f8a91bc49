import RCMLBasics
import RCMLDocument

/// What of a journal is shown, and how.
package struct TraceOptions: Sendable {
  package enum Form: Sendable {
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

  package enum Choice: Sendable {
    case all
    /// Calls that did not complete, or in which something failed.
    case failed
    /// The call that began last.
    case last
  }

  package enum Time: Sendable {
    /// Seconds since the call began.
    case relative
    /// What the calendar said. `offset`: seconds east of Greenwich at so many seconds since 1970.
    case wall(offset: @Sendable (Int64) -> Int64)
  }

  /// What of the catalogue is asked for.
  package enum Topic: Hashable, Sendable {
    case finding(FindingCode)
    case reason(ReasonCode)
  }

  /// What the catalogue says of it.
  package struct Advice: Sendable {
    package var code: Int32
    package var name: String
    package var cause: String
    package var fix: String

    package init(code: Int32, name: String, cause: String, fix: String) {
      self.code = code
      self.name = name
      self.cause = cause
      self.fix = fix
    }
  }

  /// A number, a sid or its first characters, a Call-ID; nil = all that `choice` says.
  package var call: String?
  package var form = Form.ladder
  package var choice = Choice.all
  package var time = Time.relative
  package var width = 100
  /// Nil: the catalogue is silent.
  package var advice: @Sendable (Topic) -> Advice? = { _ in nil }

  package init() {}
}
