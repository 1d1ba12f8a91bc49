/// re-INVITE and UPDATE inside an answered session: RFC 3261 §14, RFC 3311 §5.2, spec U-23.
///
/// One offer at a time. Table: OfferMachine.table.md.
package struct OfferMachine {
  package enum Effect: UInt8, Sendable {
    case sendOffer = 1
    case startGlareTimer
    case sendAnswer
    case stopAnswer
    case sendRefusal
    /// 491 Request Pending.
    case refuseGlare
    /// 500 with Retry-After.
    case refuseBusy
    case tellOffered
    case tellAccepted
    case tellRefused
    case tellAcknowledged
    case tellAcknowledgementMissing
  }

  private enum State {
    case idle
    /// Our re-INVITE is under way.
    case offering
    /// It met the peer's (491); it is tried again when the timer of §14.1 fires.
    case glare
    /// The peer's re-INVITE or UPDATE waits for our word.
    case offered
    /// Our 2xx to the peer's re-INVITE is repeated until its ACK.
    case acknowledging
  }

  private var state: State = .idle

  package init() {}

  package mutating func offerAsked() -> EffectList<Effect> {
    switch state {
    case .idle:
      state = .offering
      return EffectList(.sendOffer)
    case .offering, .glare, .offered, .acknowledging:
      return .none  // held by the session until this is idle
    }
  }

  package mutating func accepted() -> EffectList<Effect> {
    switch state {
    case .offering:
      state = .idle
      return EffectList(.tellAccepted)
    case .idle, .glare, .offered, .acknowledging:
      return .none
    }
  }

  package mutating func refused() -> EffectList<Effect> {
    switch state {
    case .offering:
      state = .idle
      return EffectList(.tellRefused)
    case .idle, .glare, .offered, .acknowledging:
      return .none
    }
  }

  /// 491 to our re-INVITE.
  package mutating func glareArrived() -> EffectList<Effect> {
    switch state {
    case .offering:
      state = .glare
      return EffectList(.startGlareTimer)
    case .idle, .glare, .offered, .acknowledging:
      return .none
    }
  }

  package mutating func glareTimerFired() -> EffectList<Effect> {
    switch state {
    case .glare:
      state = .offering
      return EffectList(.sendOffer)
    case .offered, .acknowledging:
      // The peer's offer came first; ours waits its turn again.
      return EffectList(.startGlareTimer)
    case .idle, .offering:
      return .none
    }
  }

  package mutating func offerArrived() -> EffectList<Effect> {
    switch state {
    case .idle, .glare:
      state = .offered
      return EffectList(.tellOffered)
    case .acknowledging:
      // A newer re-INVITE says that our 2xx arrived, or no longer matters.
      state = .offered
      return EffectList(.stopAnswer, .tellOffered)
    case .offering:
      return EffectList(.refuseGlare)
    case .offered:
      return EffectList(.refuseBusy)
    }
  }

  /// `needsAcknowledgement`: re-INVITE, not UPDATE.
  package mutating func answerGiven(needsAcknowledgement: Bool) -> EffectList<Effect> {
    switch state {
    case .offered:
      state = needsAcknowledgement ? .acknowledging : .idle
      return EffectList(.sendAnswer)
    case .idle, .offering, .glare, .acknowledging:
      return .none
    }
  }

  package mutating func refusalGiven() -> EffectList<Effect> {
    switch state {
    case .offered:
      state = .idle
      return EffectList(.sendRefusal)
    case .idle, .offering, .glare, .acknowledging:
      return .none
    }
  }

  package mutating func acknowledgementArrived() -> EffectList<Effect> {
    switch state {
    case .acknowledging:
      state = .idle
      return EffectList(.stopAnswer, .tellAcknowledged)
    case .idle, .offering, .glare, .offered:
      return .none
    }
  }

  package mutating func acknowledgementMissed() -> EffectList<Effect> {
    switch state {
    case .acknowledging:
      state = .idle
      return EffectList(.stopAnswer, .tellAcknowledgementMissing)
    case .idle, .offering, .glare, .offered:
      return .none
    }
  }

  package var isIdle: Bool { if case .idle = state { true } else { false } }

  package var stateName: StaticString {
    switch state {
    case .idle: "idle"
    case .offering: "offering"
    case .glare: "glare"
    case .offered: "offered"
    case .acknowledging: "acknowledging"
    }
  }
}
