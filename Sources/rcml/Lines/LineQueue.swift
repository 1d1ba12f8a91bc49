/// Lines that wait to be written, up to a bound. What finds no room is lost and counted, until half of the room is free
/// again; then a mark stands in its place (spec Y-7).
struct LineQueue {
  /// What is written at once.
  struct Piece {
    var lines: [UInt8]
    /// It is a mark, for so many lines; 0 = it is none.
    var marked: UInt64 = 0
  }

  /// Octets that may wait.
  private let room: Int
  /// The line that says how many were lost.
  private let mark: @Sendable (UInt64) -> String
  private var waiting: [UInt8] = []
  private var isFull = false
  /// Lines that found no room, behind all that wait.
  private var lost: UInt64 = 0
  /// Lines that could not be written, in front of all that wait.
  private var unwritten: UInt64 = 0

  init(room: Int, mark: @escaping @Sendable (UInt64) -> String) {
    self.room = room
    self.mark = mark
  }

  var isEmpty: Bool { waiting.isEmpty && lost == 0 && unwritten == 0 }

  /// There may be more than one line in it.
  mutating func append(_ text: String) {
    if isFull, waiting.count <= room / 2 { markLost() }
    guard !isFull, waiting.count + text.utf8.count < room else {
      isFull = true
      lost &+= LineQueue.lines(in: text.utf8) &+ 1
      return
    }
    put(text)
  }

  private mutating func put(_ text: String) {
    waiting += text.utf8
    waiting.append(10)
  }

  private mutating func markLost() {
    isFull = false
    guard lost > 0 else { return }
    put(mark(lost))
    lost = 0
  }

  /// Whole lines, of about so many octets; nil: nothing waits.
  mutating func next(_ octets: Int) -> Piece? {
    if unwritten > 0 {
      defer { unwritten = 0 }
      return Piece(lines: Array((mark(unwritten) + "\n").utf8), marked: unwritten)
    }
    if waiting.isEmpty { markLost() }
    guard !waiting.isEmpty else { return nil }
    let end = waiting.dropFirst(octets).firstIndex(of: 10).map { $0 + 1 } ?? waiting.count
    let lines = Array(waiting[..<end])
    waiting.removeFirst(end)
    return Piece(lines: lines)
  }

  /// So many lines of a piece were not written.
  mutating func failed(_ piece: Piece, _ lines: UInt64) {
    unwritten &+= piece.marked > 0 ? piece.marked : lines
  }

  static func lines(in octets: some Sequence<UInt8>) -> UInt64 {
    octets.reduce(0) { $1 == 10 ? $0 &+ 1 : $0 }
  }
}
