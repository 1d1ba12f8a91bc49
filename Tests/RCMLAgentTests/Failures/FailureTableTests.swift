import RCMLBasics
import Testing

@testable import RCMLAgent

/// `Tests/Failures/failures.md`, row by row (spec E-9): each way to fail has its own word, number and sentence.
@Suite struct FailureTableTests {
  @Test(arguments: FailureTable.rows)
  func everyWayToFailSaysWhy(row: FailureTable.Row) throws {
    let way = try #require(FailureWays.all[row.way], "\(row.way) is driven by nobody")
    let call = FailedCall(FailureWays.settings[row.way] ?? [])
    way(call)
    if call.reason(row.event) == nil { call.end() }
    let told = call.reasons(row.event)
    let reason = try #require(told.last, "\(call.world.events)")
    let fitting = told.first { $0.code.rawValue == row.number && row.fits($0.sentence) } ?? reason
    #expect(fitting.word.rawValue == row.word, "\(fitting)")
    #expect(fitting.code.rawValue == row.number, "\(fitting)")
    #expect(row.fits(fitting.sentence), "\(fitting.sentence)")
  }

  @Test func theTableHasEveryWayOnceAndAllOfThem() {
    let ways = FailureTable.rows.map(\.way)
    #expect(ways.count >= 100 && Set(ways).count == ways.count)
    #expect(Set(ways) == Set(FailureWays.all.keys))
  }

  /// A reason that nobody can be told of would be no reason.
  @Test func everyReasonIsInTheTableOrHasNoWayHere() {
    let told = Set(FailureTable.rows.map(\.number))
    let others: [ReasonCode] = [
      // What AgentWorld does not have: the machine under it, floods, and strangers.
      .webUnavailable, .webNoMemory, .webNoTurn, .callbackQueueFull, .tooManyConnections,
      .engineFull, .messageRefused, .noDigits, .noRecorder, .documentError, .urlUnusable,
      // Told elsewhere: a phone that answers 481, leaves early, or challenges in a way of its own.
      .dialogLost, .hungUpEarly, .uselessChallenge, .ringingUnacknowledged,
      // Of those who connect to us, and no leg.
      .certificateMissing,
      // What the more exact ones stand for.
      .callEnded, .screeningFailed,
    ]
    for code in ReasonCode.allCases where !told.contains(code.rawValue) {
      #expect(others.contains(code), "\(code)")
    }
  }
}
