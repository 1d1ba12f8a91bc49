import RCMLBasics
import RCMLDocument

/// What a call is born with and keeps: who calls, and how calls behave.
final class CallFacts {
  let caller: CallMachine.Caller
  let settings: Settings
  let policy: CallPolicy
  let read: CallMachine.Reader

  init(
    caller: CallMachine.Caller, settings: Settings, policy: CallPolicy,
    read: @escaping CallMachine.Reader
  ) {
    self.caller = caller
    self.settings = settings
    self.policy = policy
    self.read = read
  }
}
