import RCMLBasics

/// Everything that can happen to a call. Nothing here knows SIP: a leg may as well be the host's.
public enum CallInput {
  case caller(CallerInput)
  case leg(LegNumber, LegInput)
  case web(RequestNumber, WebInput)
  case media(MediaInput)
  case host(HostInput)
  /// A key of a party, however it came.
  case digit(UInt8, from: Party)
  /// A deadline came.
  case timePassed
}
