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
      .filter { $0.hasPrefix("| ") && !$0.hasPrefix("| state") }
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
      wait.hold(CollectionOfOne(.effect(.web(RequestNumber(0), .abort))))
    }
    return wait
  }

  private static let invite = OutgoingInvite(target: [], from: [], to: [], callID: [])

  /// What comes of it, in the words of the table.
  private static func give(_ input: String, to wait: inout StreamWait) -> [String] {
    let words = input.split(separator: " ")
    switch words.first {
    case "effect", "invite":
      let need = input == "invite" ? StreamWait.Purpose.caller : purpose(words.last)
      let waiting: StreamWait.Waiting =
        input == "invite" ? .invite(invite) : .effect(.caller(.hangUp(reasons: [])))
      switch wait.verdict(needing: need) {
      case .perform: return ["perform"]
      case .wait:
        wait.hold(CollectionOfOne(waiting))
        return ["wait"]
      case .open(let purpose):
        wait.open(awaited, for: purpose)
        wait.hold(CollectionOfOne(waiting))
        return ["open \(word(purpose))", "wait"]
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
    #expect(rows.count == 33)
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
      for input in ["effect", "effect for leg", "opened other", "unopened other"] {
        #expect(rows.contains { $0.state == state && $0.input == input }, "\(state) \(input)")
      }
    }
  }

  @Test func whatWaitedComesInItsOrderAndOnce() {
    var wait = StreamWait(isDirect: false)
    wait.open(Self.awaited, for: .caller)
    wait.hold(CollectionOfOne(.invite(Self.invite)))
    wait.hold([.effect(.caller(.hangUp(reasons: []))), .effect(.web(RequestNumber(1), .abort))])
    let waited = wait.opened(Self.awaited)?.waiting.map { one in
      switch one {
      case .invite: "invite"
      case .effect(.caller): "caller"
      case .effect(.web): "web"
      case .effect: "another"
      }
    }
    #expect(waited == ["invite", "caller", "web"])
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
