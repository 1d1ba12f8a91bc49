import RCMLBasics
import RCMLDial

/// What happened to calls and has not been handled yet: first in, first out, and empty between two inputs of the
/// agent (spec L-30).
final class PendingInputs {
  private var inputs: [(call: CallRun, input: CallInput)] = []
  private var next = 0

  func append(_ input: CallInput, for call: CallRun) { inputs.append((call, input)) }

  func popFirst() -> (call: CallRun, input: CallInput)? {
    guard next < inputs.count else {
      inputs.removeAll(keepingCapacity: inputs.capacity <= 1_024)
      next = 0
      return nil
    }
    defer { next += 1 }
    return inputs[next]
  }
}
