import RCMLBasics
import RCMLDocument

/// The life of one callee leg (spec §5.2); its table is `LegMachine.table.md`.
///
/// Each of the four events comes at most once, `initiated` first and `completed` last, whatever happens (K-3).
public struct LegMachine: Sendable {
  public enum State: String, Hashable, Sendable, CaseIterable {
    case created, calling, ringing, sendingDigits, screening, accepted, bridged, cancelling,
      closing, ended, gone
  }

  public enum Input: Hashable, Sendable {
    /// Its turn came, and an INVITE goes out (L-10).
    case begun
    /// Its turn came, but nothing can be sent (S-6, U-6).
    case unsendable
    /// Its turn came, and no Max-Breadth is left for it (Y-6).
    case tooBroad
    case provisional(code: UInt16)
    case answered(isUsable: Bool, isScreened: Bool, hasDigits: Bool = false)
    /// What `sendDigits` asks for was sent, or cannot be (D-27).
    case digitsSent(isScreened: Bool)
    case rejected(code: UInt16)
    case failed
    case hungUp
    /// Nothing of it is left below.
    case vanished
    case screeningPassed
    /// Refused or failed by the document (C-10, C-11).
    case screeningEnded(DialResult.Screening)
    case bridged
    case givenUp(LegEndReason)
    /// Its own deadline came.
    case timePassed
  }

  public enum Effect: Hashable, Sendable {
    case event(SipNoun.Event)
    case start, sendDigits, cancel, hangUp
  }

  public private(set) var state = State.created
  public private(set) var deadline: Deadline?

  // What is known of it (M, P-25 … P-27).
  public private(set) var invitedAt: Instant?
  public private(set) var answeredAt: Instant?
  /// When it could no longer be talked to: the end of CallDuration and of the ring duration.
  public private(set) var endedAt: Instant?
  /// The last final code received for its INVITE.
  public private(set) var code: UInt16?
  /// For the Dial (M-1, M-2, C-15); meaningless before the leg is out.
  public private(set) var dialStatus = CallStatus.failed
  public private(set) var screening: DialResult.Screening?
  public private(set) var hangupBy: HangupSide?
  public private(set) var mediaFailed = false
  /// Why we ended it; nil = we did not.
  public private(set) var endReason: LegEndReason?

  private let limits: Limits

  /// The lengths of time and the words that settings and document choose.
  public struct Limits: Hashable, Sendable {
    public var cancelWait = Interval.seconds(5)
    /// 64·T1 (L-28).
    public var closing = Interval.seconds(32)
    /// How long after its end its last trace below is waited for: longer than any transaction lives.
    public var vanishing = Interval.seconds(40)
    public var screening = Interval.seconds(60)
    /// `x-timeout` (E-2).
    public var ringing: Interval?
    public var ringTimeoutStatus = CallStatus.noAnswer
    public var screeningRejectStatus = CallStatus.noAnswer
    public var status480And408 = CallStatus.noAnswer
    public init() {}
  }

  public init(_ limits: Limits) { self.limits = limits }

  /// It may still be accepted, or was and has not ended (L-40).
  public var isAlive: Bool {
    switch state {
    case .calling, .ringing, .sendingDigits, .screening, .accepted, .bridged: true
    case .created, .cancelling, .closing, .ended, .gone: false
    }
  }

  /// A 2xx came that counted: the `answered` event was fired.
  public var wasAnswered: Bool { answeredAt != nil }

  /// What its `completed` says (K-7).
  public var finalStatus: CallStatus { wasAnswered ? .completed : dialStatus }

  /// Whole seconds from 2xx to end (P-25, M-6).
  public func duration(at now: Instant) -> Int {
    guard let answeredAt else { return 0 }
    return max(0, ((endedAt ?? now) - answeredAt).wholeSeconds)
  }

  /// Whole seconds from INVITE to 2xx, or to the end (M-7).
  public func ringDuration(at now: Instant) -> Int {
    guard let invitedAt else { return 0 }
    return max(0, ((answeredAt ?? endedAt ?? now) - invitedAt).wholeSeconds)
  }

  public mutating func handle(_ input: Input, at now: Instant) -> [Effect] {
    switch state {
    case .created: return inCreated(input, now)
    case .calling, .ringing: return whileCalling(input, now)
    case .sendingDigits: return whileSendingDigits(input, now)
    case .screening: return inScreening(input, now)
    case .accepted, .bridged: return whenAccepted(input, now)
    case .cancelling: return inCancelling(input, now)
    case .closing: return inClosing(input, now)
    case .ended: return inEnded(input, now)
    case .gone: return []
    }
  }

  // MARK: - The states

  private mutating func inCreated(_ input: Input, _ now: Instant) -> [Effect] {
    switch input {
    case .begun:
      state = .calling
      invitedAt = now
      deadline = limits.ringing.map { Deadline(now + $0, .ringTimeout) }
      return [.event(.initiated), .start]
    case .unsendable:
      endedAt = now
      state = .gone
      dialStatus = .failed
      return [.event(.initiated), .event(.completed)]
    case .tooBroad:
      endedAt = now
      state = .gone
      code = 440
      dialStatus = .failed
      return [.event(.initiated), .event(.completed)]
    case .provisional, .answered, .digitsSent, .rejected, .failed, .hungUp, .vanished,
      .screeningPassed, .screeningEnded, .bridged, .givenUp, .timePassed:
      return []
    }
  }

  private mutating func whileCalling(_ input: Input, _ now: Instant) -> [Effect] {
    switch input {
    case .provisional(let code):
      // 100, 181, 182, 199 only tell the agent that CANCEL may go (L-12, U-22).
      guard state == .calling, code == 180 || code == 183 else { return [] }
      state = .ringing
      return [.event(.ringing)]
    case .answered(let isUsable, let isScreened, let hasDigits):
      code = 200
      guard isUsable else {
        mediaFailed = true
        dialStatus = .failed
        return close(by: nil, at: now)
      }
      answeredAt = now
      // C-14: the limit counts from the 2xx, digits or not.
      deadline = isScreened ? Deadline(now + limits.screening, .screeningTimeout) : nil
      state = hasDigits ? .sendingDigits : isScreened ? .screening : .accepted
      return hasDigits ? [.event(.answered), .sendDigits] : [.event(.answered)]
    case .rejected(let code):
      self.code = code
      dialStatus = LegMachine.status(of: code, for480And408: limits.status480And408)
      return end(at: now)
    case .failed, .hungUp:
      dialStatus = .failed
      return end(at: now)
    case .vanished:
      dialStatus = .failed
      return end(at: now, isGone: true)
    case .givenUp(let why):
      return cancel(why, at: now)
    case .timePassed:
      return cancel(.ringTimeout, at: now)
    case .begun, .unsendable, .tooBroad, .digitsSent, .screeningPassed, .screeningEnded, .bridged:
      return []
    }
  }

  /// D-27: answered, and not accepted before the last digit is out.
  private mutating func whileSendingDigits(_ input: Input, _ now: Instant) -> [Effect] {
    switch input {
    case .digitsSent(let isScreened):
      state = isScreened ? .screening : .accepted
      return []
    case .timePassed:
      refuse(.timeout)
      return close(by: .engine, at: now)
    case .hungUp, .failed:
      return leaveWhileDigitsAreSent(isGone: false, at: now)
    case .vanished:
      return leaveWhileDigitsAreSent(isGone: true, at: now)
    case .givenUp(let why):
      endReason = why
      dialStatus = .canceled
      return close(by: why.side, at: now)
    case .begun, .unsendable, .tooBroad, .provisional, .answered, .rejected, .screeningPassed,
      .screeningEnded, .bridged:
      return []
    }
  }

  /// Whom the digits would have reached was not.
  private mutating func leaveWhileDigitsAreSent(isGone: Bool, at now: Instant) -> [Effect] {
    dialStatus = .noAnswer
    hangupBy = .callee
    return end(at: now, isGone: isGone)
  }

  private mutating func inScreening(_ input: Input, _ now: Instant) -> [Effect] {
    switch input {
    case .screeningPassed:
      screening = .accepted
      state = .accepted
      deadline = nil
      return []
    case .screeningEnded(let how):
      refuse(how)
      return close(by: .engine, at: now)
    case .timePassed:
      refuse(.timeout)
      return close(by: .engine, at: now)
    case .hungUp, .failed:
      refuse(.hangup)
      hangupBy = .callee
      return end(at: now)
    case .vanished:
      refuse(.hangup)
      hangupBy = .callee
      return end(at: now, isGone: true)
    case .givenUp(let why):
      endReason = why
      dialStatus = .canceled
      return close(by: why.side, at: now)
    case .begun, .unsendable, .tooBroad, .provisional, .answered, .digitsSent, .rejected, .bridged:
      return []
    }
  }

  private mutating func whenAccepted(_ input: Input, _ now: Instant) -> [Effect] {
    switch input {
    case .bridged:
      state = .bridged
      return []
    case .hungUp, .failed:
      dialStatus = .completed
      hangupBy = .callee
      return end(at: now)
    case .vanished:
      dialStatus = .completed
      hangupBy = .callee
      return end(at: now, isGone: true)
    case .givenUp(let why):
      endReason = why
      dialStatus = state == .bridged ? .completed : .canceled
      return close(by: why.side, at: now)
    case .begun, .unsendable, .tooBroad, .provisional, .answered, .digitsSent, .rejected,
      .screeningPassed,
      .screeningEnded, .timePassed:
      return []
    }
  }

  private mutating func inCancelling(_ input: Input, _ now: Instant) -> [Effect] {
    switch input {
    case .answered:
      // K-4, Q-13: no `answered`; it ends as it would have without this 2xx.
      code = 200
      state = .closing
      deadline = Deadline(now + limits.closing, .closing)
      return [.hangUp]
    case .rejected(let code):
      self.code = code
      return end(at: now)
    case .failed, .hungUp, .timePassed:
      return end(at: now)
    case .vanished:
      return end(at: now, isGone: true)
    case .begun, .unsendable, .tooBroad, .provisional, .digitsSent, .screeningPassed,
      .screeningEnded,
      .bridged, .givenUp:
      return []
    }
  }

  private mutating func inClosing(_ input: Input, _ now: Instant) -> [Effect] {
    switch input {
    case .hungUp, .failed, .timePassed:
      return end(at: now)
    case .vanished:
      return end(at: now, isGone: true)
    case .begun, .unsendable, .tooBroad, .provisional, .answered, .digitsSent, .rejected,
      .screeningPassed,
      .screeningEnded, .bridged, .givenUp:
      return []
    }
  }

  private mutating func inEnded(_ input: Input, _ now: Instant) -> [Effect] {
    switch input {
    case .answered:
      // A 2xx after `cancel_wait`: nobody is told, but the party must not be left with an open line (F-6).
      if wasAnswered { return [] }
      code = 200
      return [.hangUp]
    case .rejected(let late):
      // After `cancel_wait`, too, it is what the leg's INVITE was answered with (M-8).
      if code == nil { code = late }
      return []
    case .vanished, .timePassed:
      state = .gone
      deadline = nil
      return []
    case .begun, .unsendable, .tooBroad, .provisional, .digitsSent, .failed, .hungUp,
      .screeningPassed,
      .screeningEnded, .bridged, .givenUp:
      return []
    }
  }

  // MARK: - The ways out

  private mutating func cancel(_ why: LegEndReason, at now: Instant) -> [Effect] {
    endReason = why
    endedAt = now
    dialStatus = why == .ringTimeout ? limits.ringTimeoutStatus : .canceled
    state = .cancelling
    deadline = Deadline(now + limits.cancelWait, .cancelWait)
    return [.cancel]
  }

  private mutating func close(by side: HangupSide?, at now: Instant) -> [Effect] {
    hangupBy = side
    endedAt = now
    state = .closing
    deadline = Deadline(now + limits.closing, .closing)
    return [.hangUp]
  }

  /// What a loser was told is said (C-17): only now is it hung up on, and only now it has ended (P-25).
  public mutating func farewellHeard(at now: Instant) {
    guard state == .closing else { return }
    endedAt = now
    deadline = Deadline(now + limits.closing, .closing)
  }

  private mutating func end(at now: Instant, isGone: Bool = false) -> [Effect] {
    if endedAt == nil { endedAt = now }
    state = isGone ? .gone : .ended
    deadline = isGone ? nil : Deadline(now + limits.vanishing, .closing)
    return [.event(.completed)]
  }

  private mutating func refuse(_ how: DialResult.Screening) {
    screening = how
    dialStatus = how == .failed ? .failed : limits.screeningRejectStatus
  }
}
