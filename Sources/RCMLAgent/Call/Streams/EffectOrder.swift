import RCMLDial

/// What an effect has to follow while a stream of ours is being opened.
enum EffectOrder: Hashable {
  /// Nothing: it tells, asks or fetches.
  case free
  /// What waits for this party; it changes no media.
  case follows(Party)
  /// The same, and it may change media.
  case concerns(Party)
  /// What is recorded, in its order.
  case recording
  /// Nothing: what waits for this party is not wanted any more.
  case ends(Party)
  /// Nothing: this performance is not wanted any more.
  case stops(PerformanceNumber)
}

extension CallEffect {
  var order: EffectOrder {
    switch self {
    case .caller(.reject), .caller(.hangUp): .ends(.caller)
    case .caller(.ring(_, earlyMediaOf: nil)): .follows(.caller)
    case .caller(.ring), .caller(.answer): .concerns(.caller)
    case .leg(let leg, .cancel), .leg(let leg, .hangUp): .ends(.leg(leg))
    case .leg(let leg, .allowTransfer), .leg(let leg, .confirmTransfer): .follows(.leg(leg))
    case .leg(let leg, .start), .leg(let leg, .bridge), .leg(let leg, .unbridge),
      .leg(let leg, .passEarlyMedia):
      .concerns(.leg(leg))
    case .media(.perform(_, on: let party, _, of: _)): .concerns(party)
    case .media(.stopPerforming(let number)): .stops(number)
    case .media(.record), .media(.addToRecording), .media(.endRecording): .recording
    case .web, .ask, .askVerb, .tell, .ended: .free
    }
  }
}
