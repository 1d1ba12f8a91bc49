import Foundation
import RCMLBasics
import Testing

@testable import RCMLMedia

/// `TrackClock.table.md`, row by row.
struct TrackClockTableTests {
  private struct Row {
    let error, other: Int
    let isTone, isMarked: Bool
    let what: String
  }

  private static func rows() throws -> [Row] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Sources/RCMLMedia/Recorder/TrackClock.table.md")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst()
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count >= 5, let error = Int(cells[0]), let other = Int(cells[1]) else {
        return nil
      }
      return Row(
        error: error, other: other, isTone: cells[2] == "tone", isMarked: cells[3] == "yes",
        what: cells[4])
    }
  }

  /// Three seconds in time, then as the row says: the places of the packets, and by how much they grew.
  private func run(_ row: Row, seconds: Int) -> [(late: Int, placement: TrackClock.Placement)] {
    var clock = TrackClock()
    var placed: [(Int, TrackClock.Placement)] = []
    let change = 150
    for index in 0..<change + seconds * 50 {
      let isWrong = index >= change
      let header = RTPHeader(
        payloadType: 0, marker: row.isMarked && index == change, sequence: UInt16(index),
        timestamp: UInt32(index * 160), source: 7)
      let arrival = 8_000 + index * 160 + (isWrong ? row.error * 8 : 0)
      let placement = clock.place(
        of: header, count: 160, at: arrival + 160, other: isWrong ? row.other * 8 : 0,
        isQuiet: { !row.isTone })
      if isWrong { placed.append((arrival - placement.start, placement)) }
    }
    return placed
  }

  @Test func eachErrorIsTreatedAsItsRowSays() throws {
    let rows = try Self.rows()
    #expect(rows.count > 20)
    for row in rows {
      let placed = run(row, seconds: 24)
      let growth = placed.reduce(0) { $0 + $1.placement.growth }
      let steps = zip(placed, placed.dropFirst()).map {
        $1.placement.start - $0.placement.start - 160 - $0.placement.growth
      }
      let first = placed[0].late
      let isMoved = steps.contains { $0 != 0 } || first != row.error * 8
      #expect(placed.allSatisfy { abs($0.placement.growth) <= 1 }, "\(row)")
      switch row.what {
      case "stays":
        #expect(growth == 0 && !isMoved, "\(row)")
      case "stretched":
        // Sample by sample, and to the end.
        #expect(growth.signum() == row.error.signum() && !isMoved, "\(row)")
        #expect(abs(placed[placed.count - 1].late) <= 8, "\(row) \(placed[placed.count - 1])")
      case "at once":
        #expect(growth == 0 && isMoved, "\(row)")
        #expect(steps.count { $0 != 0 } <= 1, "\(row)")
        #expect(abs(placed[placed.count - 1].late) <= 8, "\(row)")
      case "anew":
        #expect(growth == 0 && isMoved && placed[placed.count - 1].late == 0, "\(row)")
      default: Issue.record("\(row.what) is no word of the table")
      }
    }
  }

  @Test func aFirstPacketThatIsLateOrCutMisleadsNobody() {
    var clock = TrackClock()
    func place(_ index: Int, count: Int, arrival: Int) -> Int {
      let header = RTPHeader(
        payloadType: 0, marker: false, sequence: UInt16(index), timestamp: UInt32(index * 320),
        source: 7)
      return clock.place(
        of: header, count: count, at: arrival + count, other: nil, isQuiet: { false }
      ).start
    }
    // 19 octets of 320: it lies where it arrived, and the next one shows that it began before that.
    #expect(place(0, count: 19, arrival: 301) == 301)
    #expect(place(1, count: 320, arrival: 320) == 320)
    #expect(place(2, count: 320, arrival: 640) == 640)
  }
}
