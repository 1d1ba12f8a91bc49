import CRCML
import RCMLAgent
import RCMLBasics
import RCMLRehearsal

/// Hands the events of a rehearsal to the caller's function as they happen.
final class RehearsalTeller {
  typealias Function =
    @convention(c) (UnsafeMutableRawPointer?, Int64, UnsafePointer<rcml_event>?) -> Void

  private let function: Function?
  private let context: UnsafeMutableRawPointer?
  private var lent = LentText()

  init(_ function: Function?, _ context: UnsafeMutableRawPointer?) {
    self.function = function
    self.context = context
  }

  deinit { lent.free() }

  func tell(_ happened: RehearsedEvent) {
    guard let function else { return }
    lent.reset()
    var event = EventWriter.write(happened.event, of: CallBook.Name(sid: happened.sid), lent: &lent)
    if case .question(_, _, .request) = happened.event {
      // Answered by the script: nobody is asked.
      event.request = 0
      event.deadline_ms = 0
      event.code = Int32(happened.httpStatus)
    }
    function(context, Int64(happened.elapsed.wholeMilliseconds), &event)
  }
}
