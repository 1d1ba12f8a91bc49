import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDial

/// `DialMachine.table.md`, row by row (spec L-31 … L-40, F).
@Suite struct DialMachineTableTests {
  private let start = Instant(nanoseconds: 1_000)

  private func machine(_ state: String) -> DialMachine {
    var dial = Dial()
    dial.sequential = state.contains("sequential") || state.contains("between")
    dial.hangupOnStar = state.contains("star")
    if state.contains("first-answer") || state.hasPrefix("settled") { dial.firstAnswerWins = true }
    let delays: [Interval] =
      state.contains("empty") ? [] : [.zero, state.contains("delayed") ? .seconds(10) : .zero]
    var machine = DialMachine(dial, delays: delays, firstAnswerWins: false)
    guard !state.hasPrefix("new") else { return machine }
    _ = machine.handle(.begun, at: start)
    if state.contains("last") || state.contains("between") {
      _ = machine.handle(.out(0), at: start)
    }
    if state == "settled digits" { _ = machine.handle(.sendsDigits(0), at: start) }
    if state == "settled" { _ = machine.handle(.answered(0, isScreened: true), at: start) }
    if state.hasPrefix("connected") { _ = machine.handle(.accepted(0), at: start) }
    return machine
  }

  private static let inputs: [String: DialMachine.Input] = [
    "begun": .begun, "answered 0": .answered(0, isScreened: true), "accepted 0": .accepted(0),
    "digits 0": .sendsDigits(0),
    "accepted 1": .accepted(1), "out 0": .out(0), "out 1": .out(1), "ended 0": .ended(0),
    "stopCode": .stopCode, "star": .star, "callerGone": .callerGone, "hostEnded": .hostEnded,
    "acknowledgementMissing": .acknowledgementMissing, "mediaLost": .mediaLost,
    "callEnds": .callEnds,
    "time": .timePassed,
  ]

  private func name(_ state: DialMachine.State) -> String {
    switch state {
    case .racing: "racing"
    case .settled(let target): "settled \(target)"
    case .connected(let target): "connected \(target)"
    case .over: "over"
    }
  }

  private func text(_ effects: [DialMachine.Effect]) -> String {
    effects.map { effect in
      switch effect {
      case .start(let target): "start \(target)"
      case .screen(let target): "screen \(target)"
      case .connect(let target): "connect \(target)"
      case .giveUp(.all, let why): "give up all \(why)"
      case .giveUp(.allExcept(let target), let why): "give up allExcept \(target) \(why)"
      case .giveUp(.only(let target), let why): "give up only \(target) \(why)"
      case .giveUp(.unanswered, let why): "give up unanswered \(why)"
      case .over: "over"
      }
    }.joined(separator: ", ")
  }

  @Test func everyRowOfTheDialTableIsWhatTheMachineDoes() throws {
    for row in try MachineTable("Dial/DialMachine.table.md").rows {
      let input = try #require(DialMachineTableTests.inputs[row[1]], "\(row.testDescription)")
      var machine = machine(row[0])
      let now = row[1] == "time" ? machine.nextDeadline?.instant ?? start : start
      let effects = machine.handle(input, at: now)
      #expect(name(machine.state) == row[2], "\(row.testDescription)")
      #expect(text(effects) == row[3], "\(row.testDescription)")
      if machine.state == .over { #expect(machine.nextDeadline == nil) }
    }
  }

  /// L-40: what is over stays over.
  @Test func nothingMovesADialThatIsOver() {
    for (_, input) in DialMachineTableTests.inputs {
      var machine = machine("new empty")
      _ = machine.handle(.begun, at: start)
      #expect(machine.handle(input, at: start).isEmpty)
      #expect(machine.state == .over)
    }
  }

  /// L-31, F-10: in a sequential Dial each target has the whole timeout.
  @Test func theDialTimerStartsAnewForEachSequentialTarget() {
    var machine = machine("racing sequential")
    let first = machine.nextDeadline
    _ = machine.handle(.out(0), at: start + .seconds(5))
    _ = machine.handle(.ended(0), at: start + .seconds(5))
    #expect(first?.instant == start + .seconds(30))
    #expect(machine.nextDeadline?.instant == start + .seconds(35))
  }
}
