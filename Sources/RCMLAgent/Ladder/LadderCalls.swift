import RCMLBasics
import RCMLDial

/// The calls of a journal in the order in which they began, and whose a Call-ID or an exchange is.
struct LadderCalls {
  enum Column: Hashable {
    case caller
    case leg(LegNumber)
    case web
  }

  typealias Place = (call: CallNumber, column: Column)

  private(set) var all: [LadderCall] = []
  private(set) var columns: [LadderEntry.Peer: Place] = [:]
  private var indexes: [CallNumber: Int] = [:]
  /// Calls up to this number that are not here were forgotten, and stay so.
  private var forgotten: UInt64 = 0

  subscript(_ number: CallNumber) -> LadderCall? { indexes[number].map { all[$0] } }

  /// `began`: when it is first heard of, as the clock and as the calendar have it.
  mutating func change(
    _ number: CallNumber, at began: LadderCall.Beginning, _ change: (inout LadderCall) -> Void
  ) {
    let index: Int
    if let known = indexes[number] {
      index = known
    } else if number.number <= forgotten {
      return
    } else {
      index = all.count
      indexes[number] = index
      all.append(LadderCall(number: number, began: began))
    }
    change(&all[index])
  }

  /// One thing more has happened in it.
  mutating func count(_ number: CallNumber) {
    if let index = indexes[number] { all[index].entries += 1 }
  }

  mutating func place(_ peer: LadderEntry.Peer, in call: CallNumber, _ column: Column) {
    guard indexes[call] != nil || call.number > forgotten else { return }
    columns[peer] = (call, column)
  }

  func call(of entry: LadderEntry) -> CallNumber? {
    if let call = entry.call { return call }
    guard case .arrow(let arrow) = entry.content else { return nil }
    return columns[arrow.peer]?.call
  }

  /// Of exchanges only the places of those stay.
  mutating func keepExchanges(of entries: [LadderEntry]) {
    var seen: Set<LadderEntry.Peer> = []
    for entry in entries {
      if case .arrow(let arrow) = entry.content { seen.insert(arrow.peer) }
    }
    columns = columns.filter { peer, _ in
      switch peer {
      case .sip: true
      case .web: seen.contains(peer)
      }
    }
  }

  /// All but the last so many are forgotten, with what was theirs.
  mutating func keepLast(_ count: Int) {
    guard all.count > count else { return }
    let gone = Set(all.prefix(all.count - count).map(\.number))
    forgotten = gone.reduce(forgotten) { max($0, $1.number) }
    all.removeFirst(all.count - count)
    columns = columns.filter { !gone.contains($0.value.call) }
    indexes = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1.number, $0) })
  }
}
