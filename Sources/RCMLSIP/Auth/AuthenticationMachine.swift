/// How often one request of ours may be sent again because it was challenged (RFC 3261 §22, spec A-1 … A-7): one for
/// the INVITE of a leg, and one for each request inside its dialog.
///
/// Table: Authentication.table.md.
public struct AuthenticationMachine: Sendable {
  public enum Effect: UInt8, Sendable {
    case sendAgain = 1
    /// The host may know credentials for this realm (spec A-1).
    case askHost
    /// The challenge is the final response.
    case refuse
  }

  private enum State {
    case unchallenged
    /// The host was asked and has not answered.
    case asking
    /// Sent again with credentials.
    case answered
    case refused
  }

  /// Spec A-6: INVITEs of one leg.
  public static let limit = 4

  private var state: State = .unchallenged
  /// How often the request went out.
  public private(set) var sent = 1

  public init() {}

  /// We hold credentials for the place and realm that asks, and this request has not carried them yet.
  public mutating func challengedKnown() -> EffectList<Effect> { answer() }

  /// Carried credentials were right but their nonce is old: `stale=true` and a new nonce.
  public mutating func challengedStale() -> EffectList<Effect> { answer() }

  /// Nobody here has credentials for it; the host wants to be asked.
  public mutating func challengedUnknown() -> EffectList<Effect> {
    switch state {
    case .unchallenged, .answered:
      guard sent < Self.limit else { return refuse() }
      state = .asking
      return EffectList(.askHost)
    case .asking, .refused:
      return .none
    }
  }

  /// Carried credentials were refused.
  public mutating func challengedAgain() -> EffectList<Effect> { challengedForNothing() }

  /// Nothing we could or may answer.
  public mutating func challengedUnanswerable() -> EffectList<Effect> { challengedForNothing() }

  public mutating func credentialsGiven() -> EffectList<Effect> {
    switch state {
    case .asking:
      state = .answered
      sent += 1
      return EffectList(.sendAgain)
    case .unchallenged, .answered, .refused:
      return .none
    }
  }

  /// The host has none, or said nothing in time.
  public mutating func credentialsDenied() -> EffectList<Effect> {
    switch state {
    case .asking:
      return refuse()
    case .unchallenged, .answered, .refused:
      return .none
    }
  }

  private mutating func answer() -> EffectList<Effect> {
    switch state {
    case .unchallenged, .answered:
      guard sent < Self.limit else { return refuse() }
      state = .answered
      sent += 1
      return EffectList(.sendAgain)
    case .asking, .refused:
      return .none
    }
  }

  private mutating func challengedForNothing() -> EffectList<Effect> {
    switch state {
    case .unchallenged, .answered:
      return refuse()
    case .asking, .refused:
      return .none
    }
  }

  private mutating func refuse() -> EffectList<Effect> {
    state = .refused
    return EffectList(.refuse)
  }

  public var isAsking: Bool { if case .asking = state { true } else { false } }

  public var stateName: StaticString {
    switch state {
    case .unchallenged: "unchallenged"
    case .asking: "asking"
    case .answered: "answered"
    case .refused: "refused"
    }
  }
}
