import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP

/// What of a call waits for a stream of ours that is being opened (StreamWait.table.md).
///
/// One stream is opened at a time. What needs it waits, and all that follows waits behind, so that nothing overtakes.
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
  }

  /// What a stream that was opened, or not, was for, and what waited for it, in order.
  struct Ready {
    let purpose: Purpose
    let waiting: [Waiting]
  }

  private(set) var state: State

  init(isDirect: Bool) { state = isDirect ? .failed : .idle }

  /// `need`: the stream that is to be there first; nil = none.
  func verdict(needing need: @autoclosure () -> Purpose?) -> Verdict {
    switch state {
    case .idle: need().map { .open($0) } ?? .perform
    case .opening: .wait
    case .failed: .perform
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
  mutating func hold(_ more: some Sequence<Waiting>) {
    switch state {
    case .opening(let stream, let purpose, var waiting):
      state = .idle
      waiting += more
      state = .opening(stream, purpose, waiting: waiting)
    case .idle, .failed: break
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
