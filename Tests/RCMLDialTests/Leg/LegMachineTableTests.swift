import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDial

/// `LegMachine.table.md`, row by row (spec L-10 … L-29).
@Suite struct LegMachineTableTests {
  static let inputs: [String: LegMachine.Input] = [
    "begun": .begun, "unsendable": .unsendable, "tooBroad": .tooBroad,
    "provisional 100": .provisional(code: 100),
    "provisional 180": .provisional(code: 180), "provisional 181": .provisional(code: 181),
    "provisional 183": .provisional(code: 183), "provisional 199": .provisional(code: 199),
    "answered": .answered(isUsable: true, isScreened: false),
    "answered screened": .answered(isUsable: true, isScreened: true),
    "answered digits": .answered(isUsable: true, isScreened: false, hasDigits: true),
    "answered digits screened": .answered(isUsable: true, isScreened: true, hasDigits: true),
    "digitsSent": .digitsSent(isScreened: false),
    "digitsSent screened": .digitsSent(isScreened: true),
    "answered unusable": .answered(isUsable: false, isScreened: false),
    "rejected 486": .rejected(code: 486), "failed": .failed, "hungUp": .hungUp,
    "vanished": .vanished, "screeningPassed": .screeningPassed,
    "screeningEnded rejected": .screeningEnded(.rejected),
    "screeningEnded failed": .screeningEnded(.failed), "bridged": .bridged,
    "givenUp": .givenUp(.lostRace), "timePassed": .timePassed,
  ]

  static let ways: [LegMachine.State: [LegMachine.Input]] = [
    .created: [], .calling: [.begun], .ringing: [.begun, .provisional(code: 180)],
    .sendingDigits: [.begun, .answered(isUsable: true, isScreened: true, hasDigits: true)],
    .screening: [.begun, .answered(isUsable: true, isScreened: true)],
    .accepted: [.begun, .answered(isUsable: true, isScreened: false)],
    .bridged: [.begun, .answered(isUsable: true, isScreened: false), .bridged],
    .cancelling: [.begun, .givenUp(.lostRace)],
    .closing: [.begun, .answered(isUsable: false, isScreened: false)],
    .ended: [.begun, .rejected(code: 404)], .gone: [.unsendable],
  ]

  static func machine(in state: LegMachine.State) -> LegMachine {
    var machine = LegMachine(LegMachine.Limits())
    for input in ways[state] ?? [] { _ = machine.handle(input, at: Instant(nanoseconds: 1)) }
    return machine
  }

  static func text(_ effects: [LegMachine.Effect]) -> String {
    effects.map { effect in
      switch effect {
      case .event(let event): "event \(StatusParameters.name(of: event))"
      case .start: "start"
      case .sendDigits: "sendDigits"
      case .cancel: "cancel"
      case .hangUp: "hangUp"
      }
    }.joined(separator: ", ")
  }

  @Test func everyRowOfTheLegTableIsWhatTheMachineDoes() throws {
    let table = try MachineTable("Leg/LegMachine.table.md")
    var listed: Set<String> = []
    for row in table.rows {
      let state = try #require(LegMachine.State(rawValue: row[0]), "\(row.testDescription)")
      let input = try #require(LegMachineTableTests.inputs[row[1]], "\(row.testDescription)")
      var machine = LegMachineTableTests.machine(in: state)
      #expect(machine.state == state)
      let effects = machine.handle(input, at: Instant(nanoseconds: 2))
      #expect(machine.state.rawValue == row[2], "\(row.testDescription)")
      #expect(LegMachineTableTests.text(effects) == row[3], "\(row.testDescription)")
      listed.insert(row[0] + "/" + row[1])
    }
    for state in LegMachine.State.allCases {
      for (name, input) in LegMachineTableTests.inputs
      where !listed.contains(state.rawValue + "/" + name) {
        var machine = LegMachineTableTests.machine(in: state)
        let effects = machine.handle(input, at: Instant(nanoseconds: 2))
        #expect(effects.isEmpty && machine.state == state, "\(state) ignores \(name)")
      }
    }
  }

  /// K-3: whatever is thrown at a leg, its events come once and in order.
  @Test func noSequenceOfInputsFiresAnEventTwiceOrOutOfOrder() {
    var random = RandomSource(seed: 7)
    let inputs = LegMachineTableTests.inputs.sorted { $0.key < $1.key }.map(\.value)
    for _ in 0..<5_000 {
      var machine = LegMachine(LegMachine.Limits())
      var events: [SipNoun.Event] = []
      for effect in machine.handle(.begun, at: Instant(nanoseconds: 1)) {
        if case .event(let event) = effect { events.append(event) }
      }
      for step in 0..<12 {
        let input = inputs[Int(random.next() % UInt64(inputs.count))]
        for effect in machine.handle(input, at: Instant(nanoseconds: 2 + UInt64(step))) {
          if case .event(let event) = effect { events.append(event) }
        }
      }
      _ = machine.handle(.vanished, at: Instant(nanoseconds: 99))
      #expect(events == events.sorted { $0.rawValue < $1.rawValue })
      #expect(Set(events).count == events.count && events.first == .initiated)
    }
  }
}
