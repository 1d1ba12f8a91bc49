import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP

/// What of a call waits for a stream of ours that is being opened (StreamWait.table.md).
///
/// One stream is opened at a time. What needs one waits, and so does what must follow it in order; what ends the call or
/// a party of it waits for nothing, and drops what waits for the gone (I-S5).
struct StreamWait {
  /// Whose stream.
  enum Purpose: Hashable {
    case caller
    case leg(LegNumber)
    case video(Party)
  }

  enum Waiting {
    case effect(CallEffect)
    /// The INVITE to a caller of ours: it says where our stream is.
    case invite(OutgoingInvite)

    var order: EffectOrder {
      switch self {
      case .effect(let effect): effect.order
      case .invite: .concerns(.caller)
      }
    }
  }

  /// What is not wanted any more.
  enum Gone: Hashable {
    case party(Party)
    case performance(PerformanceNumber)
  }

  enum State {
    case idle
    case opening(MediaID, Purpose, waiting: [Waiting])
    /// No stream is opened for this call: the setting says so, or there was no port for the caller.
    case failed
  }

  /// What is to be done with something that came.
  enum Verdict: Hashable {
    case perform
    case wait
    /// Open this stream; then wait.
    case open(Purpose)
    /// What waits for this one is dropped; then perform.
    case drop(Gone)
  }

  /// What a stream that was opened, or not, was for, and what waited for it, in order.
  struct Ready {
    let purpose: Purpose
    let waiting: [Waiting]

    /// The leg's INVITE still waited.
    func starts(_ leg: LegNumber) -> Bool {
      waiting.contains { if case .effect(.leg(leg, .start)) = $0 { true } else { false } }
    }
  }

  private(set) var state: State

  init(isDirect: Bool) { state = isDirect ? .failed : .idle }

  /// `need`: the stream that is to be there first; nil = none.
  func verdict(of order: EffectOrder, needing need: @autoclosure () -> Purpose?) -> Verdict {
    switch state {
    case .idle: need().map { .open($0) } ?? .perform
    case .opening(_, let purpose, let waiting):
      verdict(of: order, needing: need(), while: purpose, waiting)
    case .failed: .perform
    }
  }

  private func verdict(
    of order: EffectOrder, needing need: @autoclosure () -> Purpose?, while purpose: Purpose,
    _ waiting: [Waiting]
  ) -> Verdict {
    switch order {
    case .free: return .perform
    case .ends(let party):
      return waiting.contains { $0.isFor(party) } ? .drop(.party(party)) : .perform
    case .stops(let number):
      return waiting.contains { $0.isPerformance(number) } ? .drop(.performance(number)) : .perform
    case .follows(let party):
      return waiting.contains { $0.isFor(party) } ? .wait : .perform
    case .concerns(let party):
      // The caller's stream changes where all media of the call goes.
      if purpose == .caller || need() != nil { return .wait }
      return waiting.contains { $0.isFor(party) } ? .wait : .perform
    case .recording:
      if purpose == .caller || need() != nil { return .wait }
      return waiting.contains { $0.order == .recording } ? .wait : .perform
    }
  }

  /// After `verdict` wanted it opened.
  mutating func open(_ stream: MediaID, for purpose: Purpose) {
    switch state {
    case .idle: state = .opening(stream, purpose, waiting: [])
    case .opening, .failed: break
    }
  }

  /// After `verdict` wanted it to wait, or opened what it waits for.
  mutating func hold(_ one: Waiting) {
    switch state {
    case .opening(let stream, let purpose, var waiting):
      state = .idle
      waiting.append(one)
      state = .opening(stream, purpose, waiting: waiting)
    case .idle, .failed: break
    }
  }

  /// What waited for the gone, in order; it waits no more.
  mutating func drop(_ gone: Gone) -> [Waiting] {
    switch state {
    case .opening(let stream, let purpose, let waiting):
      state = .opening(stream, purpose, waiting: waiting.filter { !$0.isFor(gone) })
      return waiting.filter { $0.isFor(gone) }
    case .idle, .failed: return []
    }
  }

  /// Nil: nothing waits for this stream.
  mutating func opened(_ stream: MediaID) -> Ready? { finish(stream, isOpen: true) }

  mutating func unopened(_ stream: MediaID) -> Ready? { finish(stream, isOpen: false) }

  private mutating func finish(_ stream: MediaID, isOpen: Bool) -> Ready? {
    switch state {
    case .opening(stream, let purpose, let waiting):
      state = !isOpen && purpose == .caller ? .failed : .idle
      return Ready(purpose: purpose, waiting: waiting)
    case .idle, .opening, .failed: return nil
    }
  }
}

extension StreamWait.Waiting {
  fileprivate func isFor(_ gone: StreamWait.Gone) -> Bool {
    switch gone {
    case .party(let party): isFor(party)
    case .performance(let number): isPerformance(number)
    }
  }

  fileprivate func isFor(_ party: Party) -> Bool {
    switch order {
    case .follows(let other), .concerns(let other): other == party
    case .free, .recording, .ends, .stops: false
    }
  }

  fileprivate func isPerformance(_ number: PerformanceNumber) -> Bool {
    if case .effect(.media(.perform(number, on: _, _, of: _))) = self { true } else { false }
  }
}
