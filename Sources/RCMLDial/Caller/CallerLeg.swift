import RCMLBasics

/// The caller's side as a call sees it (spec §5.1): N, R, A, E, the time until our 200 is out, and the time before a
/// party we called has answered.
/// Its table is `CallerLeg.table.md`.
public struct CallerLeg: Sendable {
  public enum State: String, Hashable, Sendable, CaseIterable {
    /// N: the INVITE was received, 100 sent.
    case new
    /// R: 180 or 183 sent.
    case ringing
    /// It is to be answered, and nobody has said yet whether it can be.
    case answering
    /// A: 200 sent, or answered before the document started.
    case answered
    /// We call this party, and it has not answered.
    case calling
    /// E.
    case ended
    /// E, because nothing it offers can be used: nothing else runs (L-49).
    case refused
  }

  public enum Input: Hashable, Sendable {
    /// It should hear that something rings: 180, or 183 with the early media of a leg.
    case somethingRings(code: UInt16, earlyMediaOf: LegNumber?)
    /// A verb needs media, `immediate` wants it, or a winner was accepted.
    case answerNeeded(with: LegNumber?)
    /// The document or the host ends the call.
    case callEnds(FinalResponse, reasons: [[UInt8]])
    case cancelled
    case hungUp
    /// The party we called; or our 200 is out.
    case answered
    /// Nothing it offers can be used (L-49).
    case mediaRefused
    /// The party we called; or a caller who never acknowledged our ringing (U-21).
    case failed
    case timePassed
  }

  public private(set) var state: State
  public private(set) var answeredAt: Instant?
  /// When the last provisional response is repeated (L-2, RFC 3261 §13.3.1.1).
  public private(set) var repetition: Instant?
  private var lastRing: (code: UInt16, leg: LegNumber?) = (180, nil)

  public static let repetitionInterval = Interval.seconds(60)

  /// `answeredAt`: of a caller that was answered before.
  public init(_ state: State, at answeredAt: Instant? = nil) {
    self.state = state
    self.answeredAt = answeredAt
  }

  public var isAlive: Bool { state != .ended && state != .refused }
  /// An INVITE of theirs waits for its final response.
  public var isWaiting: Bool { state == .new || state == .ringing || state == .answering }

  /// What a caller is refused with whose offer cannot be used (L-49).
  public static let unusableOffer = FinalResponse(488, phrase: Array("Not Acceptable Here".utf8))

  /// What a caller is refused with whose media cannot come by here (spec U-69).
  public static let noMedia = FinalResponse(
    503, phrase: Array("No Media Stream Free".utf8),
    reasons: [Array(#"SIP;cause=503;text="No media stream is free""#.utf8)])

  public mutating func handle(_ input: Input, at now: Instant) -> [CallerEffect] {
    switch state {
    case .new, .ringing: return whileWaiting(input, now)
    case .answering: return whileAnswering(input, now)
    case .answered: return whenAnswered(input)
    case .calling: return whileCalling(input, now)
    case .ended, .refused: return []
    }
  }

  private mutating func whileWaiting(_ input: Input, _ now: Instant) -> [CallerEffect] {
    switch input {
    case .somethingRings(let code, let leg):
      // A leg's ringing is nothing new to a phone that rings; its media is.
      guard state == .new || leg != nil else { return [] }
      state = .ringing
      lastRing = (code, leg)
      repetition = now + CallerLeg.repetitionInterval
      return [.ring(code: code, earlyMediaOf: leg)]
    case .answerNeeded(let leg):
      state = .answering
      repetition = nil
      return [.answer(with: leg)]
    case .answered:
      return answer(now)
    case .mediaRefused:
      return refuse()
    case .callEnds(let response, _):
      end()
      return [.reject(response)]
    case .cancelled, .hungUp, .failed:
      end()
      return []
    case .timePassed:
      guard let due = repetition, due <= now else { return [] }
      repetition = now + CallerLeg.repetitionInterval
      return [.ring(code: lastRing.code, earlyMediaOf: lastRing.leg)]
    }
  }

  /// Its answer is under way: a CANCEL still comes in time (L-37).
  private mutating func whileAnswering(_ input: Input, _ now: Instant) -> [CallerEffect] {
    switch input {
    case .answered:
      return answer(now)
    case .mediaRefused:
      return refuse()
    case .callEnds(let response, _):
      end()
      return [.reject(response)]
    case .cancelled, .hungUp, .failed:
      end()
      return []
    case .somethingRings, .answerNeeded, .timePassed:
      return []
    }
  }

  private mutating func whenAnswered(_ input: Input) -> [CallerEffect] {
    switch input {
    case .callEnds(_, let reasons):
      end()
      return [.hangUp(reasons: reasons)]
    case .hungUp, .failed:
      end()
      return []
    case .cancelled, .somethingRings, .answerNeeded, .answered, .mediaRefused, .timePassed:
      return []  // L-37: a CANCEL that crossed our 200 changes nothing
    }
  }

  private mutating func whileCalling(_ input: Input, _ now: Instant) -> [CallerEffect] {
    switch input {
    case .answered:
      return answer(now)
    case .failed, .hungUp, .cancelled:
      end()
      return []
    case .callEnds(_, let reasons):
      end()
      return [.hangUp(reasons: reasons)]
    case .somethingRings, .answerNeeded, .mediaRefused, .timePassed:
      return []
    }
  }

  private mutating func answer(_ now: Instant) -> [CallerEffect] {
    state = .answered
    answeredAt = now
    repetition = nil
    return []
  }

  private mutating func refuse() -> [CallerEffect] {
    end()
    state = .refused
    return [.reject(CallerLeg.unusableOffer)]
  }

  private mutating func end() {
    state = .ended
    repetition = nil
  }
}
