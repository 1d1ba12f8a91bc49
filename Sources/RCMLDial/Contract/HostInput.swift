import RCMLBasics

/// What the host wants of a call, and what it answers.
public enum HostInput {
  /// Run this document from now on; a running one is given up (spec L-39: its `action` is not requested).
  case run(DocumentSource)
  case hangUp(Reason)
  case endDial
  /// The answer to `ask`: of this Dial and this target.
  case decided(dial: Int, target: Int, TargetDecision)
  /// The answer to `askVerb`.
  case decidedVerb(VerbNumber, VerbDecision)
}
