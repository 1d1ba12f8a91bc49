import RCMLDocument

/// What a Dial wants of the media between its parties (architecture §4).
package enum LegMedia: Hashable, Sendable {
  /// It may go from phone to phone.
  case any
  /// It has to come by here: keys are listened for, or something may be played.
  case relayed
  /// It has to be heard and spoken here: a prompt, a recording.
  case spoken
}
