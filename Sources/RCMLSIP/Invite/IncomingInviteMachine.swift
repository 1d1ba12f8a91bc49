/// The INVITE session as the called side sees it: RFC 3261 §9.2, §13.3, §15, spec L-1, L-32, L-37, L-38.
/// A 2xx may have to wait for a PRACK (RFC 3262 §3).
///
/// CANCEL and BYE get their 200 in every state; only what they change stands here.
/// Table: IncomingInviteMachine.table.md.
public struct IncomingInviteMachine {
  public enum Effect: UInt8, Sendable {
    case sendRinging = 1
    /// 200, from now on repeated until `stopAnswer`.
    case sendAnswer
    case stopAnswer
    case sendRejection
    /// 487 Request Terminated.
    case sendTerminated
    /// 480 Temporarily Unavailable: hung up before an answer (spec Q-6).
    case sendUnavailable
    /// 504 Server Time-out: nobody acknowledged our 18x (RFC 3262 §3).
    case sendTimeout
    case sendBye
    case tellCancelled
    case tellUnacknowledged
    case tellHungUp
    case tellAcknowledged
    case tellAcknowledgementMissing
    case tellLost
    case tellEnded
  }

  private enum State {
    /// 100 is sent.
    case trying
    /// 180 or 183 is sent.
    case ringing
    /// Accepted; the 200 waits for the PRACK of an 18x that held the answer.
    case accepting
    /// 200 is sent and repeated; no ACK yet.
    case answered
    /// As answered, and hang-up was asked for: BYE may not be sent before the ACK or its timeout (§15).
    case closing
    /// No ACK within 64·T1.
    case unacknowledged
    case confirmed
    /// BYE sent, its response is awaited.
    case ending
    case ended
  }

  private var state: State = .trying

  public init() {}

  public mutating func ringAsked() -> EffectList<Effect> {
    switch state {
    case .trying, .ringing:
      state = .ringing
      return EffectList(.sendRinging)
    case .accepting, .answered, .closing, .unacknowledged, .confirmed, .ending, .ended:
      return .none
    }
  }

  public mutating func acceptAsked() -> EffectList<Effect> {
    switch state {
    case .trying, .ringing, .accepting:
      state = .answered
      return EffectList(.sendAnswer)
    case .answered, .closing, .unacknowledged, .confirmed, .ending, .ended:
      return .none
    }
  }

  /// Accepted, but the 200 has to wait; `acceptAsked` comes when it need not any more.
  public mutating func acceptHeldBack() -> EffectList<Effect> {
    switch state {
    case .ringing:
      state = .accepting
      return .none
    case .trying, .accepting, .answered, .closing, .unacknowledged, .confirmed, .ending, .ended:
      return .none
    }
  }

  /// 64·T1 after an 18x without its PRACK.
  public mutating func provisionalMissed() -> EffectList<Effect> {
    switch state {
    case .ringing, .accepting:
      state = .ended
      return EffectList(.sendTimeout, .tellUnacknowledged, .tellEnded)
    case .trying, .answered, .closing, .unacknowledged, .confirmed, .ending, .ended:
      return .none
    }
  }

  public mutating func rejectAsked() -> EffectList<Effect> {
    switch state {
    case .trying, .ringing:
      state = .ended
      return EffectList(.sendRejection, .tellEnded)
    case .accepting, .answered, .closing, .unacknowledged, .confirmed, .ending, .ended:
      return .none
    }
  }

  public mutating func hangUpAsked() -> EffectList<Effect> {
    switch state {
    case .trying, .ringing, .accepting:
      state = .ended
      return EffectList(.sendUnavailable, .tellEnded)
    case .answered:
      state = .closing
      return .none
    case .unacknowledged, .confirmed:
      state = .ending
      return EffectList(.sendBye)
    case .closing, .ending, .ended:
      return .none
    }
  }

  public mutating func cancelArrived() -> EffectList<Effect> { callerLeftEarly() }

  /// The time that the INVITE's Expires gave us to answer is over (spec U-61): as if the caller had sent CANCEL.
  public mutating func invitationExpired() -> EffectList<Effect> {
    switch state {
    case .trying, .ringing:
      return callerLeftEarly()
    case .accepting, .answered, .closing, .unacknowledged, .confirmed, .ending, .ended:
      return .none
    }
  }

  public mutating func byeArrived() -> EffectList<Effect> {
    switch state {
    case .trying, .ringing, .accepting:
      return callerLeftEarly()
    case .answered:
      state = .ended
      return EffectList(.stopAnswer, .tellHungUp, .tellEnded)
    case .closing:
      state = .ended
      return EffectList(.stopAnswer, .tellEnded)
    case .unacknowledged, .confirmed:
      state = .ended
      return EffectList(.tellHungUp, .tellEnded)
    case .ending, .ended:
      return .none
    }
  }

  private mutating func callerLeftEarly() -> EffectList<Effect> {
    switch state {
    case .trying, .ringing:
      state = .ended
      return EffectList(.sendTerminated, .tellCancelled, .tellEnded)
    case .accepting:
      // For whoever accepted, an answered call ends.
      state = .ended
      return EffectList(.sendTerminated, .tellHungUp, .tellEnded)
    case .answered, .closing, .unacknowledged, .confirmed, .ending, .ended:
      return .none
    }
  }

  public mutating func acknowledgementArrived() -> EffectList<Effect> {
    switch state {
    case .answered:
      state = .confirmed
      return EffectList(.stopAnswer, .tellAcknowledged)
    case .closing:
      state = .ending
      return EffectList(.stopAnswer, .sendBye)
    case .trying, .ringing, .accepting, .unacknowledged, .confirmed, .ending, .ended:
      return .none
    }
  }

  /// 64·T1 after the 200 (RFC 3261 §13.3.1.4).
  public mutating func acknowledgementMissed() -> EffectList<Effect> {
    switch state {
    case .answered:
      state = .unacknowledged
      return EffectList(.stopAnswer, .tellAcknowledgementMissing)
    case .closing:
      state = .ending
      return EffectList(.stopAnswer, .sendBye)
    case .trying, .ringing, .accepting, .unacknowledged, .confirmed, .ending, .ended:
      return .none
    }
  }

  public mutating func dialogLost() -> EffectList<Effect> {
    switch state {
    case .confirmed:
      state = .ending
      return EffectList(.tellLost, .sendBye)
    case .trying, .ringing, .accepting, .answered, .closing, .unacknowledged, .ending, .ended:
      return .none
    }
  }

  public mutating func byeFinished() -> EffectList<Effect> {
    switch state {
    case .ending:
      state = .ended
      return EffectList(.tellEnded)
    case .trying, .ringing, .accepting, .answered, .closing, .unacknowledged, .confirmed, .ended:
      return .none
    }
  }

  public var isEnded: Bool { if case .ended = state { true } else { false } }
  public var isConfirmed: Bool { if case .confirmed = state { true } else { false } }
  public var isRinging: Bool { if case .ringing = state { true } else { false } }
  /// Accepted, and the 200 waits.
  public var isAccepting: Bool { if case .accepting = state { true } else { false } }
  /// Offers may be exchanged: our 2xx is out and nobody hangs up.
  public var isAnswered: Bool {
    switch state {
    case .answered, .confirmed: true
    case .trying, .ringing, .accepting, .closing, .unacknowledged, .ending, .ended: false
    }
  }

  public var stateName: StaticString {
    switch state {
    case .trying: "trying"
    case .ringing: "ringing"
    case .accepting: "accepting"
    case .answered: "answered"
    case .closing: "closing"
    case .unacknowledged: "unacknowledged"
    case .confirmed: "confirmed"
    case .ending: "ending"
    case .ended: "ended"
    }
  }
}
