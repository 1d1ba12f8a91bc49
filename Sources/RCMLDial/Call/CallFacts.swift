import RCMLBasics

/// What a call is born with and keeps: who calls, and how calls behave.
final class CallFacts {
  let caller: CallMachine.Caller
  let rules: CallRules

  init(caller: CallMachine.Caller, rules: CallRules) {
    self.caller = caller
    self.rules = rules
  }

  var settings: Settings { rules.settings }
  var policy: CallPolicy { rules.policy }
  var read: CallRules.Reader { rules.read }
}
