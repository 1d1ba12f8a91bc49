import RCMLDocument

/// Something to be heard or collected on one side of a call.
public enum Performance: Hashable, Sendable {
  case say(Say)
  case play(Play)
  case gather(Gather)
  case record(Record)
  /// What an answered caller hears from Dial start until the bridge or the end of the Dial (spec L-35): `music`, else
  /// the ring tone of the country. Never ends by itself; nobody able to play it loses nothing.
  case ringing(music: String?, tone: String)
  /// The talk will soon be cut off (spec E-6).
  case warning
  /// What a loser hears before it is hung up on (spec C-17); never longer than ten seconds.
  case farewell(url: String)
}
