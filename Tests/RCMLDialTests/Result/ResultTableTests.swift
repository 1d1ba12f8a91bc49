import RCMLBasics
import Testing

@testable import RCMLDial

/// M-1 and M-30, row by row.
@Suite struct ResultTableTests {
  private let start = Instant(nanoseconds: 0)

  private func status(_ row: String, _ status480: CallStatus) throws -> CallStatus {
    var limits = LegMachine.Limits()
    limits.status480And408 = status480
    var leg = LegMachine(limits)
    _ = leg.handle(.begun, at: start)
    switch row {
    case "200":
      _ = leg.handle(.answered(isUsable: true, isScreened: false), at: start)
      _ = leg.handle(.hungUp, at: start)
    case "none: Dial timer": _ = leg.handle(.givenUp(.ringTimeout), at: start)
    case "none: failure": _ = leg.handle(.failed, at: start)
    case "none: loser": _ = leg.handle(.givenUp(.lostRace), at: start)
    case "none: caller gone": _ = leg.handle(.givenUp(.callerGone), at: start)
    case "none: host cancel": _ = leg.handle(.givenUp(.hostEnded), at: start)
    case "200 with unusable media":
      _ = leg.handle(.answered(isUsable: false, isScreened: false), at: start)
    default:
      let code = try #require(UInt16(row))
      _ = leg.handle(.rejected(code: code), at: start)
    }
    _ = leg.handle(.vanished, at: start)
    return leg.finalStatus
  }

  @Test func everyFinalResponseHasItsStatus() throws {
    for row in try MachineTable("Result/StatusMapping.table.md").rows {
      #expect(try status(row[0], .noAnswer).rawValue == row[1], "\(row.testDescription)")
      #expect(try status(row[0], .failed).rawValue == row[2], "\(row.testDescription)")
    }
  }

  @Test func everyDialResultHasItsFinalResponse() throws {
    for row in try MachineTable("Result/FinalResponse.table.md").rows {
      var cause = FinalResponse.Cause()
      let words = row[0].split(separator: " ")
      if row[0].hasPrefix("deciding leg"), words.count > 2 { cause.code = UInt16(words[2]) }
      if row[0].contains("Dial timer") { cause.ringTimedOut = true }
      if row[0].hasPrefix("screening"), let last = words.last {
        cause.code = 200
        cause.screening = DialResult.Screening(rawValue: String(last))
      }
      if row[0] == "media failed" {
        cause.code = 200
        cause.mediaFailed = true
      }
      if row[0] == "no target" { cause.hasTargets = false }
      if row[0] == "hop limit" { cause.isHopLimit = true }
      if row[0] == "host cancel" { cause.endedByHost = true }
      #expect("\(FinalResponse(cause).code)" == row[1], "\(row.testDescription)")
    }
  }

  /// M-31, M-32.
  @Test func theReasonOfADocumentErrorCannotBreakItsLine() {
    let reason = FinalResponse.reason("a \"b\" \\ c\r\nVia: x")
    #expect(String(decoding: reason, as: UTF8.self) == #"SIP;cause=500;text="a 'b' ' c  Via: x""#)
  }
}
