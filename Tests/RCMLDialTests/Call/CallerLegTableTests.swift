import RCMLBasics
import Testing

@testable import RCMLDial

/// `CallerLeg.table.md`, row by row (spec §5.1).
@Suite struct CallerLegTableTests {
  private static let inputs: [String: CallerLeg.Input] = [
    "rings 180": .somethingRings(code: 180, earlyMediaOf: nil),
    "rings 183 of 0": .somethingRings(code: 183, earlyMediaOf: LegNumber(0)),
    "answerNeeded": .answerNeeded(with: nil),
    "callEnds": .callEnds(FinalResponse(480), reasons: []),
    "cancelled": .cancelled, "hungUp": .hungUp, "answered": .answered, "failed": .failed,
    "mediaRefused": .mediaRefused, "timePassed": .timePassed,
  ]

  private func leg(in state: CallerLeg.State) -> CallerLeg {
    switch state {
    case .new, .answered, .calling: return CallerLeg(state)
    case .ringing:
      var leg = CallerLeg(.new)
      _ = leg.handle(.somethingRings(code: 180, earlyMediaOf: nil), at: Instant(nanoseconds: 0))
      return leg
    case .answering:
      var leg = CallerLeg(.new)
      _ = leg.handle(.answerNeeded(with: nil), at: Instant(nanoseconds: 0))
      return leg
    case .refused:
      var leg = CallerLeg(.new)
      _ = leg.handle(.mediaRefused, at: Instant(nanoseconds: 0))
      return leg
    case .ended:
      var leg = CallerLeg(.answered)
      _ = leg.handle(.hungUp, at: Instant(nanoseconds: 0))
      return leg
    }
  }

  private func text(_ effects: [CallerEffect]) -> String {
    effects.map { effect in
      switch effect {
      case .ring(let code, let leg): "ring \(code)" + (leg.map { " of \($0.number)" } ?? "")
      case .answer: "answer"
      case .reject(let response): "reject \(response.code)"
      case .hangUp: "hangUp"
      }
    }.joined(separator: ", ")
  }

  @Test func everyRowOfTheCallerTableIsWhatTheMachineDoes() throws {
    let later = Instant(nanoseconds: 0) + CallerLeg.repetitionInterval
    var listed: Set<String> = []
    for row in try MachineTable("Caller/CallerLeg.table.md").rows {
      let state = try #require(CallerLeg.State(rawValue: row[0]), "\(row.testDescription)")
      let input = try #require(CallerLegTableTests.inputs[row[1]], "\(row.testDescription)")
      var leg = leg(in: state)
      let effects = leg.handle(input, at: later)
      #expect(leg.state.rawValue == row[2], "\(row.testDescription)")
      #expect(text(effects) == row[3], "\(row.testDescription)")
      listed.insert(row[0] + "/" + row[1])
    }
    for state in CallerLeg.State.allCases {
      for (name, input) in CallerLegTableTests.inputs
      where !listed.contains(state.rawValue + "/" + name) {
        var leg = leg(in: state)
        #expect(leg.handle(input, at: later).isEmpty, "\(state) ignores \(name)")
        #expect(leg.state == state)
      }
    }
  }
}
