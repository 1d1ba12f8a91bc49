import Foundation
import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP
import Testing

@testable import RCMLAgent

/// `StreamWait.table.md`, row by row.
struct StreamWaitTableTests {
  private struct Row {
    let state: String
    let input: String
    let next: String
    let effects: [String]
  }

  private static let awaited = MediaID(1)

  private static func rows() throws -> [Row] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Sources/RCMLAgent/Call/Streams/StreamWait.table.md")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { line in
        ["idle", "opening", "failed"].contains { line.hasPrefix("| \($0) ") }
      }
      .map { line in
        let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst()
          .map { $0.trimmingCharacters(in: .whitespaces) }
        return Row(
          state: cells[0], input: cells[1], next: cells[2],
          effects: cells[3].isEmpty ? [] : cells[3].components(separatedBy: ", "))
      }
  }

  private static func purpose(_ word: Substring?) -> StreamWait.Purpose? {
    switch word {
    case "caller": .caller
    case "leg": .leg(LegNumber(0))
    case "video": .video(.leg(LegNumber(0)))
    default: nil
    }
  }

  private static func word(_ purpose: StreamWait.Purpose) -> String {
    switch purpose {
    case .caller: "caller"
    case .leg: "leg"
    case .video: "video"
    }
  }

  private static func wait(in state: String) -> StreamWait {
    var wait = StreamWait(isDirect: state == "failed")
    if let purpose = purpose(state.split(separator: " ").last), state.hasPrefix("opening") {
      wait.open(awaited, for: purpose)
      wait.hold(.effect(.leg(LegNumber(5), .unbridge)))
    }
    return wait
  }

  private static let invite = OutgoingInvite(target: [], from: [], to: [], callID: [])
  private static let leg = LegNumber(3)
  private static let performance = PerformanceNumber(4)

  private static func effect(_ word: Substring) -> CallEffect {
    switch word {
    case "report": .web(RequestNumber(0), .abort)
    case "ring": .leg(leg, .confirmTransfer)
    case "recording": .media(.endRecording(sid: "RE1", isKept: true))
    case "end": .leg(leg, .cancel(reasons: []))
    case "stop": .media(.stopPerforming(performance))
    default: .leg(leg, .bridge(withholdsStar: false))
    }
  }

  /// What must go before `word`.
  private static func before(_ word: Substring) -> CallEffect {
    switch word {
    case "recording": .media(.addToRecording(sid: "RE1", leg))
    case "stop": .media(.perform(performance, on: .leg(leg), .farewell(url: ""), of: .inside))
    default: .leg(leg, .passEarlyMedia)
    }
  }

  /// What comes of it, in the words of the table.
  private static func give(_ input: String, to wait: inout StreamWait) -> [String] {
    let words = input.split(separator: " ")
    switch words.first {
    case "report", "effect", "ring", "recording", "end", "stop", "invite":
      if words.last == "behind" { wait.hold(.effect(before(words[0]))) }
      let need = input == "invite" ? StreamWait.Purpose.caller : purpose(words.last)
      let waiting: StreamWait.Waiting =
        input == "invite" ? .invite(invite) : .effect(effect(words[0]))
      switch wait.verdict(of: waiting.order, needing: need) {
      case .perform: return ["perform"]
      case .wait:
        wait.hold(waiting)
        return ["wait"]
      case .open(let purpose):
        wait.open(awaited, for: purpose)
        wait.hold(waiting)
        return ["open \(word(purpose))", "wait"]
      case .drop(let gone):
        guard wait.drop(gone).count == 1, wait.drop(gone).isEmpty else { return [] }
        if case .party = gone { return ["drop party", "perform"] }
        return ["drop performance", "perform"]
      }
    case "opened":
      let stream = words.last == "other" ? MediaID(9) : awaited
      return wait.opened(stream).map { ["ready \(word($0.purpose))"] } ?? []
    default:
      let stream = words.last == "other" ? MediaID(9) : awaited
      return wait.unopened(stream).map { ["ready \(word($0.purpose))"] } ?? []
    }
  }

  @Test func everyRowOfTheTableHolds() throws {
    let rows = try Self.rows()
    #expect(rows.count == 71)
    for row in rows {
      var wait = Self.wait(in: row.state)
      #expect(wait.word == row.state, "\(row)")
      #expect(Self.give(row.input, to: &wait) == row.effects, "\(row)")
      #expect(wait.word == row.next, "\(row)")
    }
  }

  @Test func everyStateHasARowForEveryInput() throws {
    let rows = try Self.rows()
    for state in ["idle", "opening caller", "opening leg", "opening video", "failed"] {
      for input in [
        "report", "effect", "effect for leg", "recording", "end", "stop", "opened other",
        "unopened other",
      ] {
        #expect(rows.contains { $0.state == state && $0.input == input }, "\(state) \(input)")
      }
    }
  }

  @Test func whatWaitedComesInItsOrderAndOnce() {
    var wait = StreamWait(isDirect: false)
    wait.open(Self.awaited, for: .caller)
    wait.hold(.invite(Self.invite))
    wait.hold(.effect(.caller(.answer(with: nil))))
    wait.hold(.effect(.leg(LegNumber(1), .unbridge)))
    let waited = wait.opened(Self.awaited)?.waiting.map { one in
      switch one {
      case .invite: "invite"
      case .effect(.caller): "caller"
      case .effect(.leg): "leg"
      case .effect: "another"
      }
    }
    #expect(waited == ["invite", "caller", "leg"])
    #expect(wait.opened(Self.awaited) == nil)
  }
}

extension StreamWait {
  fileprivate var word: String {
    switch state {
    case .idle: "idle"
    case .opening(_, .caller, _): "opening caller"
    case .opening(_, .leg, _): "opening leg"
    case .opening(_, .video, _): "opening video"
    case .failed: "failed"
    }
  }
}
