import RCMLAgent
import RCMLBasics

/// Where exchanges end: the core is told, and it is counted how. An answer that is a sound comes from `SoundSupply`, all others
/// from `WebExchanges`.
final class WebAnswers {
  private(set) var ended = ExchangeCounters()

  func answered(_ id: ExchangeID, _ answer: HTTPAnswer, _ turn: Turn) {
    ended.note(answer)
    turn.tell(.web(id, .answered(answer)))
  }

  func failed(_ id: ExchangeID, _ failure: HTTPFailure, _ turn: Turn) {
    ended.note(failure)
    turn.tell(.web(id, .failed(failure)))
  }

  /// Nobody wants the answer any more: nobody is told.
  func aborted() { ended.noteAborted() }
}
