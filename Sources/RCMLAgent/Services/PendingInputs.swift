import RCMLBasics
import RCMLDial

/// What happened to calls and has not been handled yet: first in, first out, and empty between two inputs of the
/// agent (spec L-30).
final class PendingInputs {
  private var inputs = HandoverQueue<(call: CallRun, input: CallInput)>()

  func append(_ input: consuming CallInput, for call: CallRun) { inputs.append((call, input)) }

  func popFirst() -> (call: CallRun, input: CallInput)? { inputs.popFirst() }
}
