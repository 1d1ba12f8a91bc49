/// One piece of what is to be played on a stream, after the one before it.
public enum PlayItem: Hashable, Sendable {
  /// A sound that was loaded; one that is not there is passed over. `times` 0 = until it is stopped.
  case sound(SoundID, times: Int)
  /// The ring tone of a country by its two letters, until it is stopped; of an unknown one that of the USA.
  case ringing(country: String)
  /// Before a recording starts (spec V-5), and shortly before the time limit (E-6).
  case beep
  case warning
  case silence(milliseconds: Int)
  /// Keys as RFC 4733 events, or as tones where the party does not know those.
  case digits([UInt8])
}
