/// re-INVITE and UPDATE inside an answered session: RFC 3261 §14, RFC 3311 §5.2, spec U-23.
///
/// One offer at a time. Table: OfferMachine.table.md.
package struct OfferMachine {
  package enum Effect: UInt8, Sendable {
    case sendOffer = 1
    case sendCancel
    /// RFC 3261 §9.1: 64·T1 after the CANCEL without final response the transaction is destroyed.
    case abandonOffer
    /// 64·T1 from now that is due in any case.
    case startAbandonTimer
    case startGlareTimer
    case stopGlareTimer
    case sendAnswer
    case stopAnswer
    case sendRefusal
    /// 491 Request Pending.
    case refuseGlare
    /// 500 with Retry-After.
    case refuseBusy
    case tellOffered
    case tellCancelled
    case tellAccepted
    case tellRefused
    case tellAcknowledged
    case tellAcknowledgementMissing
  }

  private enum State {
    case idle
    /// Our re-INVITE is under way, and nothing was heard.
    case offering
    /// A provisional response to it came.
    case proceeding
    /// It is taken back, but CANCEL may not be sent before a provisional response (§9.1).
    case cancelPending
    /// CANCEL sent, its final response is awaited.
    case cancelling
    /// The session is over, and the final response is still awaited.
    case ended
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
    case .offering, .proceeding, .cancelPending, .cancelling, .glare, .offered, .acknowledging,
      .ended:
      return .none  // held by the session until this is idle
    }
  }

  package mutating func accepted() -> EffectList<Effect> {
    switch state {
    case .offering, .proceeding, .cancelPending, .cancelling:
      state = .idle
      return EffectList(.tellAccepted)
    case .idle, .glare, .offered, .acknowledging, .ended:
      return .none
    }
  }

  package mutating func refused() -> EffectList<Effect> {
    switch state {
    case .offering, .proceeding, .cancelPending, .cancelling:
      state = .idle
      return EffectList(.tellRefused)
    case .idle, .glare, .offered, .acknowledging, .ended:
      return .none
    }
  }

  package mutating func provisionalArrived() -> EffectList<Effect> {
    switch state {
    case .offering:
      state = .proceeding
      return .none
    case .cancelPending:
      state = .cancelling
      return EffectList(.sendCancel)
    case .idle, .proceeding, .cancelling, .glare, .offered, .acknowledging, .ended:
      return .none
    }
  }

  /// Our re-INVITE has gone out once more, with credentials.
  package mutating func sentAgain() -> EffectList<Effect> {
    switch state {
    case .proceeding:
      state = .offering
      return .none
    case .idle, .offering, .cancelPending, .cancelling, .glare, .offered, .acknowledging, .ended:
      return .none
    }
  }

  /// Nobody wants our re-INVITE any more.
  package mutating func cancelAsked() -> EffectList<Effect> {
    switch state {
    case .offering:
      state = .cancelPending
      return .none
    case .proceeding:
      state = .cancelling
      return EffectList(.sendCancel)
    case .glare:
      state = .idle
      return EffectList(.stopGlareTimer, .tellRefused)
    case .idle, .cancelPending, .cancelling, .offered, .acknowledging, .ended:
      return .none
    }
  }

  /// Whoever hung up may have lost our re-INVITE from sight, and a provisional response stops its timer B.
  package mutating func sessionEnded() -> EffectList<Effect> {
    switch state {
    case .offering, .proceeding, .cancelPending, .cancelling:
      state = .ended
      return EffectList(.startAbandonTimer)
    case .idle, .ended, .glare, .offered, .acknowledging:
      return .none
    }
  }

  package mutating func cancelWaitExpired() -> EffectList<Effect> {
    switch state {
    case .ended:
      state = .idle
      return EffectList(.abandonOffer)
    case .cancelling:
      state = .idle
      return EffectList(.abandonOffer, .tellRefused)
    case .idle, .offering, .proceeding, .cancelPending, .glare, .offered, .acknowledging:
      return .none
    }
  }

  /// 491 to our re-INVITE.
  package mutating func glareArrived() -> EffectList<Effect> {
    switch state {
    case .offering, .proceeding:
      state = .glare
      return EffectList(.startGlareTimer)
    case .idle, .cancelPending, .cancelling, .glare, .offered, .acknowledging, .ended:
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
    case .idle, .offering, .proceeding, .cancelPending, .cancelling, .ended:
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
    case .offering, .proceeding, .cancelPending, .cancelling, .ended:
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
    case .idle, .offering, .proceeding, .cancelPending, .cancelling, .glare, .acknowledging, .ended:
      return .none
    }
  }

  package mutating func refusalGiven() -> EffectList<Effect> {
    switch state {
    case .offered:
      state = .idle
      return EffectList(.sendRefusal)
    case .idle, .offering, .proceeding, .cancelPending, .cancelling, .glare, .acknowledging, .ended:
      return .none
    }
  }

  /// The peer takes its re-INVITE back.
  package mutating func cancelArrived() -> EffectList<Effect> {
    switch state {
    case .offered:
      state = .idle
      return EffectList(.sendRefusal, .tellCancelled)
    case .idle, .offering, .proceeding, .cancelPending, .cancelling, .glare, .acknowledging, .ended:
      return .none
    }
  }

  package mutating func acknowledgementArrived() -> EffectList<Effect> {
    switch state {
    case .acknowledging:
      state = .idle
      return EffectList(.stopAnswer, .tellAcknowledged)
    case .idle, .offering, .proceeding, .cancelPending, .cancelling, .glare, .offered, .ended:
      return .none
    }
  }

  package mutating func acknowledgementMissed() -> EffectList<Effect> {
    switch state {
    case .acknowledging:
      state = .idle
      return EffectList(.stopAnswer, .tellAcknowledgementMissing)
    case .idle, .offering, .proceeding, .cancelPending, .cancelling, .glare, .offered, .ended:
      return .none
    }
  }

  package var isIdle: Bool { if case .idle = state { true } else { false } }

  /// Our re-INVITE is taken back: it is not tried again, whatever its final response says.
  package var isCancelled: Bool {
    switch state {
    case .cancelPending, .cancelling: true
    case .idle, .offering, .proceeding, .glare, .offered, .acknowledging, .ended: false
    }
  }

  package var stateName: StaticString {
    switch state {
    case .idle: "idle"
    case .offering: "offering"
    case .proceeding: "proceeding"
    case .cancelPending: "cancelPending"
    case .cancelling: "cancelling"
    case .ended: "ended"
    case .glare: "glare"
    case .offered: "offered"
    case .acknowledging: "acknowledging"
    }
  }
}
