import RCMLBasics

/// What a call wants done, in the order in which it must be done.
public enum CallEffect {
  case caller(CallerEffect)
  case leg(LegNumber, LegEffect)
  case media(MediaRequest)
  case web(RequestNumber, WebEffect)
  /// Ask the host about a target; answered by `decided`.
  case ask(TargetQuestion)
  /// Ask the host about a verb; answered by `decidedVerb`.
  case askVerb(VerbQuestion)
  case tell(CallReport)
  /// The last effect of a call: nothing of it is left.
  case ended(CallEnd)
}
