import RCMLDocument

/// What a Dial wants of the media between its parties (architecture §4).
public enum LegMedia: Hashable, Sendable {
  /// It may go from phone to phone.
  case any
  /// It has to come by here: keys are listened for, or something may be played.
  case relayed
  /// It has to be heard and spoken here: a prompt, digits, a recording.
  case spoken
}

extension LegMedia {
  init(of verb: Dial, _ targets: [Target], isRecorded: Bool) {
    let isSpokenTo = targets.contains { target in
      switch target {
      case .sip(let noun): noun.url != nil || !noun.digits.isEmpty
      case .noun(let noun):
        !noun.digits.isEmpty || noun.attributes.contains { $0.name == "url" }
      }
    }
    // A noun may turn out to be a party that speaks in frames, when a phone beside it has been called already.
    let mayMix =
      targets.count > 1
      && targets.contains { if case .noun = $0 { true } else { false } }
    if isSpokenTo || isRecorded {
      self = .spoken
    } else {
      self = verb.hangupOnStar || verb.warning != nil || mayMix ? .relayed : .any
    }
  }
}
