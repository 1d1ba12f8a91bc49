import RCMLBasics
import RCMLDial

/// What happened to calls and has not been handled yet: first in, first out, and empty between two inputs of the
/// agent.
struct PendingInputs {
  private var inputs: [(call: CallNumber, input: CallInput)] = []
  private var next = 0

  mutating func append(_ input: CallInput, for call: CallNumber) { inputs.append((call, input)) }

  mutating func popFirst() -> (call: CallNumber, input: CallInput)? {
    guard next < inputs.count else {
      inputs.removeAll(keepingCapacity: true)
      next = 0
      return nil
    }
    defer { next += 1 }
    return inputs[next]
  }
}
