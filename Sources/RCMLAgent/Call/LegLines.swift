import RCMLBasics
import RCMLDial

/// The lines to the legs of a call. They are few: a search is quicker than a hash.
final class LegLines {
  private var lines: [(leg: LegNumber, line: LineID)] = []

  var isEmpty: Bool { lines.isEmpty }
  var numbers: [LegNumber] { lines.map(\.leg).sorted() }

  subscript(leg: LegNumber) -> LineID? { lines.first { $0.leg == leg }?.line }

  func add(_ leg: LegNumber, _ line: LineID) { lines.append((leg, line)) }
  func remove(_ leg: LegNumber) { lines.removeAll { $0.leg == leg } }
}
