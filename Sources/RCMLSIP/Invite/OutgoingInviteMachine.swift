/// The INVITE session as its caller sees it: RFC 3261 §9.1, §13.2, §15, spec L-10…L-29, F-6…F-9.
///
/// The INVITE's own repetitions and the ACK of a rejection belong to the transaction below. Later 2xx — repeated,
/// or of another fork — change no state: the session acknowledges each on its own dialog, whatever state this is.
/// Table: OutgoingInviteMachine.table.md.
public struct OutgoingInviteMachine {
  public enum Effect: UInt8, Sendable {
    case sendCancel = 1
    case acknowledge
    case sendBye
    /// Give up the lookup or connection that was to carry the INVITE.
    case dropAttempt
    /// RFC 3261 §9.1: 64·T1 after the CANCEL without final response the INVITE transaction is destroyed.
    case abandonInvite
    case tellProvisional
    case tellAnswered
    case tellRejected
    case tellFailed
    case tellHungUp
    case tellLost
    case tellAnsweredTooLate
    case tellEnded
  }

  private enum State {
    /// The target is being looked up or connected; nothing has been sent.
    case locating
    /// INVITE sent, nothing heard.
    case calling
    /// A provisional response came.
    case proceeding
    /// Hang-up was asked for, but CANCEL may not be sent before a provisional response (F-7).
    case cancelPending
    /// CANCEL sent, the final response to the INVITE is awaited.
    case cancelling
    /// Answered and acknowledged.
    case confirmed
    /// BYE sent, its response is awaited.
    case ending
    case ended
  }

  private var state: State = .locating

  public init() {}

  public mutating func inviteSent() -> EffectList<Effect> {
    switch state {
    case .locating:
      state = .calling
      return .none
    case .calling, .proceeding, .cancelPending, .cancelling, .confirmed, .ending, .ended:
      return .none
    }
  }

  /// The INVITE failed at one address and is to be tried at another, or is to go out again with credentials.
  public mutating func attemptMoved() -> EffectList<Effect> {
    switch state {
    case .calling, .proceeding:
      state = .locating
      return .none
    case .locating, .cancelPending, .cancelling, .confirmed, .ending, .ended:
      return .none
    }
  }

  public mutating func provisionalArrived() -> EffectList<Effect> {
    switch state {
    case .calling, .proceeding:
      state = .proceeding
      return EffectList(.tellProvisional)
    case .cancelPending:
      state = .cancelling
      return EffectList(.sendCancel)
    case .locating, .cancelling, .confirmed, .ending, .ended:
      return .none
    }
  }

  /// The first 2xx.
  public mutating func answerArrived() -> EffectList<Effect> {
    switch state {
    case .calling, .proceeding:
      state = .confirmed
      return EffectList(.acknowledge, .tellAnswered)
    case .cancelPending, .cancelling:
      state = .ending
      // Its code is what the INVITE was answered with, though it changes nothing any more (spec M-8, P-26).
      return EffectList(.acknowledge, .sendBye, .tellAnsweredTooLate)
    case .locating, .confirmed, .ending, .ended:
      return .none
    }
  }

  public mutating func rejectionArrived() -> EffectList<Effect> {
    switch state {
    case .locating, .calling, .proceeding, .cancelPending, .cancelling:
      state = .ended
      return EffectList(.tellRejected, .tellEnded)
    case .confirmed, .ending, .ended:
      return .none
    }
  }

  /// Timer B, a transport error, no address left.
  public mutating func attemptFailed() -> EffectList<Effect> {
    switch state {
    case .locating, .calling, .proceeding, .cancelPending, .cancelling:
      state = .ended
      return EffectList(.tellFailed, .tellEnded)
    case .confirmed, .ending, .ended:
      return .none
    }
  }

  public mutating func hangUpAsked() -> EffectList<Effect> {
    switch state {
    case .locating:
      state = .ended
      return EffectList(.dropAttempt, .tellEnded)
    case .calling:
      state = .cancelPending
      return .none
    case .proceeding:
      state = .cancelling
      return EffectList(.sendCancel)
    case .confirmed:
      state = .ending
      return EffectList(.sendBye)
    case .cancelPending, .cancelling, .ending, .ended:
      return .none
    }
  }

  public mutating func cancelWaitExpired() -> EffectList<Effect> {
    switch state {
    case .cancelling:
      state = .ended
      return EffectList(.abandonInvite, .tellFailed, .tellEnded)
    case .locating, .calling, .proceeding, .cancelPending, .confirmed, .ending, .ended:
      return .none
    }
  }

  /// BYE on the answered dialog; its 200 is sent in every state (spec U-26).
  public mutating func byeArrived() -> EffectList<Effect> {
    switch state {
    case .confirmed:
      state = .ended
      return EffectList(.tellHungUp, .tellEnded)
    case .locating, .calling, .proceeding, .cancelPending, .cancelling, .ending, .ended:
      return .none
    }
  }

  /// 481 or 408 to a request of ours in the dialog, or no response at all (RFC 3261 §12.2.1.2, spec U-27).
  public mutating func dialogLost() -> EffectList<Effect> {
    switch state {
    case .confirmed:
      state = .ending
      return EffectList(.tellLost, .sendBye)
    case .locating, .calling, .proceeding, .cancelPending, .cancelling, .ending, .ended:
      return .none
    }
  }

  /// A final response to our BYE, or its timeout: either way it is over (RFC 3261 §15.1.1).
  public mutating func byeFinished() -> EffectList<Effect> {
    switch state {
    case .ending:
      state = .ended
      return EffectList(.tellEnded)
    case .locating, .calling, .proceeding, .cancelPending, .cancelling, .confirmed, .ended:
      return .none
    }
  }

  public var isConfirmed: Bool { if case .confirmed = state { true } else { false } }
  public var isEnded: Bool { if case .ended = state { true } else { false } }
  /// The INVITE is out and may go out again.
  var isCalling: Bool {
    switch state {
    case .calling, .proceeding: true
    case .locating, .cancelPending, .cancelling, .confirmed, .ending, .ended: false
    }
  }
  public var isProceeding: Bool { if case .proceeding = state { true } else { false } }
  /// It is not out yet, or not any more.
  var isLocating: Bool { if case .locating = state { true } else { false } }
  /// Hang-up was asked for: no other address is tried any more (F-7).
  public var isGivenUp: Bool {
    switch state {
    case .cancelPending, .cancelling, .ending, .ended: true
    case .locating, .calling, .proceeding, .confirmed: false
    }
  }
  /// The dialog takes requests of the peer: not before the answer, not after the end.
  public var takesRequests: Bool {
    switch state {
    case .confirmed, .ending: true
    case .locating, .calling, .proceeding, .cancelPending, .cancelling, .ended: false
    }
  }

  public var stateName: StaticString {
    switch state {
    case .locating: "locating"
    case .calling: "calling"
    case .proceeding: "proceeding"
    case .cancelPending: "cancelPending"
    case .cancelling: "cancelling"
    case .confirmed: "confirmed"
    case .ending: "ending"
    case .ended: "ended"
    }
  }
}
