import Foundation
import RCMLBasics
import RCMLSIP
import Testing

@testable import RCMLAgent

/// `HostLineMachine.table.md`, row by row, and every pair without a row: refused, or nothing at all.
struct HostLineTableTests {
  struct Row {
    var state: String
    var input: String
    var next: String
    var effects: [String]
  }

  static func rows() throws -> [Row] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Sources/RCMLAgent/Lines/HostLineMachine.table.md")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("| ") && !$0.hasPrefix("| state") }
      .map { line in
        let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        return Row(
          state: cells[0], input: cells[1], next: cells[2],
          effects: cells[3].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
      }
  }

  static let inputs = [
    "wants ring", "wants answer", "wants answer to nothing", "wants reject", "wants end",
    "wants offer", "wants accept", "wants refuse", "wants key", "says rings", "says answers",
    "says offers", "says refuses", "says ends", "says presses",
  ]

  private static func machine(in state: HostLineMachine.State) -> HostLineMachine {
    var machine = HostLineMachine(
      isCaller: state != .calling && state != .ringing)
    switch state {
    case .waiting, .calling: break
    case .ringing: _ = machine.handle(HostPartyReport.rings(code: 180, sdp: []))
    case .owing: _ = machine.handle(.answer(sdp: [1], isAnswer: false))
    case .talking, .offering, .asked:
      _ = machine.handle(.answer(sdp: [1], isAnswer: true))
      if state == .offering { _ = machine.handle(HostLineCommand.offer(sdp: [2])) }
      if state == .asked { _ = machine.handle(HostPartyReport.offers(sdp: [3])) }
    case .ended: _ = machine.handle(HostLineCommand.end(Reason(.callEnded)))
    }
    return machine
  }

  private static func give(_ input: String, to machine: inout HostLineMachine) -> [String]? {
    let effects: [HostLineMachine.Effect]?
    switch input {
    case "wants ring": effects = machine.handle(HostLineCommand.ring(code: 180, sdp: []))
    case "wants answer": effects = machine.handle(.answer(sdp: [1], isAnswer: true))
    case "wants answer to nothing": effects = machine.handle(.answer(sdp: [1], isAnswer: false))
    case "wants reject":
      effects = machine.handle(.reject(code: 486, phrase: "", Reason(.hostRejected)))
    case "wants end": effects = machine.handle(HostLineCommand.end(Reason(.callEnded)))
    case "wants offer": effects = machine.handle(HostLineCommand.offer(sdp: [2]))
    case "wants accept": effects = machine.handle(.accept(sdp: [3]))
    case "wants refuse": effects = machine.handle(.refuse(code: 488))
    case "wants key": effects = machine.handle(.hear(key: 0x35))
    case "says rings": effects = machine.handle(HostPartyReport.rings(code: 180, sdp: []))
    case "says answers": effects = machine.handle(HostPartyReport.answers(sdp: [4]))
    case "says offers": effects = machine.handle(HostPartyReport.offers(sdp: [3]))
    case "says refuses": effects = machine.handle(HostPartyReport.refuses(code: 488))
    case "says ends": effects = machine.handle(HostPartyReport.ends(code: 0))
    default: effects = machine.handle(HostPartyReport.presses(0x31))
    }
    return effects?.map(word)
  }

  private static func word(_ effect: HostLineMachine.Effect) -> String {
    switch effect {
    case .tell(let action):
      let text = "\(action)"
      return "tell " + text.prefix { $0 != "(" }
    case .happened(.media(let step)):
      let text = "\(step)"
      return "happened " + text.prefix { $0 != "(" }
    case .happened(let event):
      let text = "\(event)"
      return "happened " + text.prefix { $0 != "(" }
    }
  }

  @Test func everyRowOfTheTableHolds() throws {
    let rows = try Self.rows()
    #expect(rows.count >= 34)
    for row in rows {
      let state = try #require(HostLineMachine.State(rawValue: row.state), "\(row)")
      var machine = Self.machine(in: state)
      #expect(machine.state == state)
      #expect(Self.inputs.contains(row.input), "\(row)")
      #expect(Self.give(row.input, to: &machine) == row.effects, "\(row)")
      #expect(machine.state.rawValue == row.next, "\(row)")
    }
  }

  @Test func whatHasNoRowIsRefusedOrDoesNothing() throws {
    let rows = try Self.rows()
    for state in HostLineMachine.State.allCases {
      for input in Self.inputs
      where !rows.contains(where: { $0.state == state.rawValue && $0.input == input }) {
        var machine = Self.machine(in: state)
        let effects = Self.give(input, to: &machine)
        #expect(machine.state == state, "\(state) \(input)")
        if input.hasPrefix("says") {
          #expect(effects == nil, "\(state) \(input)")
        } else {
          #expect(effects == [], "\(state) \(input)")
        }
      }
    }
  }

  @Test(arguments: [HostLineMachine.State.owing, .offering, .asked])
  func anOfferWaitsForTheExchangeBeforeItAndTheNewestCounts(state: HostLineMachine.State) {
    // RFC 3261 §14.1
    var machine = Self.machine(in: state)
    #expect(machine.handle(HostLineCommand.offer(sdp: [7])).isEmpty)
    #expect(machine.handle(HostLineCommand.offer(sdp: [8])).isEmpty)
    let effects: [HostLineMachine.Effect]? =
      state == .asked
      ? machine.handle(.accept(sdp: [3])) : machine.handle(HostPartyReport.answers(sdp: [4]))
    guard case .tell(.offer(let sdp))? = effects?.last else {
      Issue.record("no offer came")
      return
    }
    #expect(sdp == [8] && machine.state == .offering && machine.heldOffer == nil)
  }

  @Test func anOfferThatWaitsCanBeTakenBackAndOneThatWasToldCannot() {
    var machine = Self.machine(in: .asked)
    _ = machine.handle(HostLineCommand.offer(sdp: [7]))
    let taken = [machine.withdrawOffer(), machine.withdrawOffer()]
    #expect(taken == [true, false])
    let effects = machine.handle(.accept(sdp: [3]))
    #expect(effects.count == 1)
  }
}
