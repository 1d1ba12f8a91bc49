import Foundation
import RCMLBasics
import RCMLDocument
import RCMLMedia
import Testing

@testable import RCMLAgent

/// `PerformanceMachine.table.md`, row by row (spec V, L-35, C-17, E-6).
@Suite struct PerformanceMachineTests {
  private let start = Instant(nanoseconds: 1_000)

  private static func kind(_ words: String) -> (kind: PerformanceMachine.Kind, sounds: Bool) {
    var gather = Gather()
    if words.contains("two") { gather.numDigits = 2 }
    var record = Record()
    record.finishOnKey = "#"
    record.playBeep = !words.contains("silent")
    if words.hasPrefix("gather") { return (.gather(gather), !words.contains("silent")) }
    if words.hasPrefix("record") { return (.record(record), false) }
    if words.hasPrefix("ring") { return (.ring, false) }
    if words.hasPrefix("warn") { return (.warn, false) }
    return (words.hasPrefix("farewell") ? .farewell : .speak, true)
  }

  /// A machine in the state of a row.
  private func machine(_ row: String) -> PerformanceMachine {
    let words = row.split(separator: " ", maxSplits: 1).map(String.init)
    let (kind, sounds) = PerformanceMachineTests.kind(words.count > 1 ? words[1] : "speak")
    var machine = PerformanceMachine(kind, hasSounds: sounds)
    guard words[0] != "new" else { return machine }
    _ = machine.handle(.begun, at: start)
    if words[0] == "preparing" { return machine }
    if sounds { _ = machine.handle(.prepared, at: start) }
    if words[0] == "playing" { return machine }
    _ = machine.handle(.played, at: start)
    if words[0] == "ending" { _ = machine.handle(.digit(0x23), at: start) }
    // Of two digits the first has been pressed.
    if row.contains("two") { _ = machine.handle(.digit(0x31), at: start) }
    return machine
  }

  private func input(_ word: String) -> PerformanceMachine.Input? {
    func result(_ reason: RecordingResult.Reason, isEmpty: Bool = false) -> RecordingResult {
      RecordingResult(reason: reason, milliseconds: 5_000, isEmpty: isEmpty)
    }
    switch word {
    case "begun": return .begun
    case "prepared": return .prepared
    case "unprepared": return .unprepared("why")
    case "played": return .played
    case "unplayable": return .unplayable
    case "stopped": return .stopped
    case "time": return .timePassed
    case "1": return .digit(0x31)
    case "#": return .digit(0x23)
    case "recorded": return .recorded(result(.stopped))
    case "recorded empty": return .recorded(result(.silence, isEmpty: true))
    case "recorded failed": return .recorded(result(.failed))
    default: return nil
    }
  }

  private func text(_ effect: PerformanceMachine.Effect) -> String {
    switch effect {
    case .play: "play"
    case .stopPlaying: "stopPlaying"
    case .record: "record"
    case .endRecording: "endRecording"
    case .report(.finished): "report finished"
    case .report(.unavailable): "report unavailable"
    case .report(.failed): "report failed"
    case .report(.gathered(_, let key)): key == 0 ? "report gathered" : "report gathered with #"
    case .report(.recorded): "report recorded"
    }
  }

  private func rows() throws -> [[String]] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/RCMLAgent/Call/Perform/PerformanceMachine.table.md")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    return lines.filter { $0.hasPrefix("|") && !$0.hasPrefix("|---") }.dropFirst().map { line in
      line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  @Test func everyRowOfThePerformanceTableIsWhatTheMachineDoes() throws {
    let rows = try self.rows()
    #expect(rows.count > 40)
    for row in rows {
      var machine = self.machine(row[0])
      let before = row[0].split(separator: " ")[0]
      #expect(machine.state.rawValue == before, "\(row)")
      let input = try #require(self.input(row[1]), "\(row)")
      let now = row[1] == "time" ? machine.deadline?.instant ?? start : start
      let effects = machine.handle(input, at: now)
      #expect(machine.state.rawValue == row[2], "\(row)")
      #expect(effects.map(text).joined(separator: ", ") == row[3], "\(row)")
      if machine.state == .over { #expect(machine.deadline == nil, "\(row)") }
    }
  }

  @Test func whatIsNotInTheTableChangesNothing() throws {
    let rows = try self.rows()
    let inputs = [
      "begun", "prepared", "unprepared", "played", "unplayable", "stopped", "time", "1", "#",
      "recorded", "recorded empty", "recorded failed",
    ]
    for state in Set(rows.map { $0[0] }) {
      for word in inputs where !rows.contains(where: { $0[0] == state && $0[1] == word }) {
        var machine = self.machine(state)
        let before = machine.state
        let input = try #require(self.input(word))
        let effects = machine.handle(input, at: start)
        #expect(effects.isEmpty && machine.state == before, "\(state) \(word): \(effects)")
      }
    }
  }

  // V-12
  @Test func theTimeOfAGatherCountsFromEveryKeyAnew() {
    var machine = PerformanceMachine(.gather(Gather()), hasSounds: false)
    _ = machine.handle(.begun, at: start)
    #expect(machine.deadline?.instant == start + .seconds(5))
    _ = machine.handle(.digit(0x31), at: start + .seconds(3))
    #expect(machine.deadline?.instant == start + .seconds(8))
    #expect(
      machine.handle(.timePassed, at: start + .seconds(8))
        == [.report(.gathered([0x31], key: 0))])
  }

  // V-12: whoever never stops pressing keys fills no memory.
  @Test func aGatherWithoutANumberOfDigitsEndsWithTheThousandth() {
    var machine = PerformanceMachine(.gather(Gather()), hasSounds: false)
    _ = machine.handle(.begun, at: start)
    for _ in 1..<1_000 {
      #expect(machine.handle(.digit(0x31), at: start).isEmpty)
    }
    #expect(
      machine.handle(.digit(0x32), at: start)
        == [.report(.gathered(Array(repeating: 0x31, count: 999) + [0x32], key: 0))])
  }
}
