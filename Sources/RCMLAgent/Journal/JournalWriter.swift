import RCMLBasics

/// Turns what an agent hears, does and says into the octets of a journal.
///
/// The agent tells it everything in order; somebody above takes the octets and appends them to a file. It has
/// to be there before the first input or command, or the journal cannot be replayed.
public final class JournalWriter {
  private var pending: [UInt8] = []
  private let record = Archive()
  private var last: Instant?
  private let product: String
  private var isDrained = true
  /// Records since the gap began; nil: there is none.
  private var leftOut: UInt64?
  /// How many there are, those of gaps left out, and when the last of them was.
  private var written: (records: UInt64, last: Instant) = (0, Instant(nanoseconds: 0))
  /// The same, as of the octets that were taken.
  private var taken: (records: UInt64, last: Instant) = (0, Instant(nanoseconds: 0))

  /// Where the last input begins: it may turn out to be left out.
  private struct Position {
    let octets: Int
    let last: Instant?
    let written: (records: UInt64, last: Instant)
    let leftOut: UInt64?
    let isDrained: Bool
  }

  private var before: Position?
  /// Until all outputs of the input that is left out are taken.
  private var isLeavingOut = false

  /// What a step writes is seldom more.
  private static let room = 2_048

  /// `product`: the version of the library, for whoever reads the journal later.
  public init(product: String) { self.product = product }

  public func input(_ input: Input, at now: Instant) {
    before = Position(
      octets: pending.count, last: last, written: written, leftOut: leftOut, isDrained: isDrained)
    write(.input, at: now) { () throws(Archive.Damage) in _ = try record.input(input) }
  }

  public func command(_ command: Command, at now: Instant) {
    write(.command, at: now) { () throws(Archive.Damage) in _ = try record.command(command) }
  }

  /// What the command just written came to.
  public func result(_ result: Result<CommandResult, Refusal>) {
    write(.result) { () throws(Archive.Damage) in _ = try record.result(result) }
  }

  public func output(_ output: Output) {
    guard !isLeavingOut else { return }
    write(.output) { () throws(Archive.Damage) in _ = try record.output(output) }
  }

  /// The last input was a stranger's that nothing came of: neither it nor its outputs are written (spec Y-7).
  public func leaveOutInput() {
    guard let before, before.octets <= pending.count else { return }
    pending.removeLast(pending.count - before.octets)
    (last, written, leftOut, isDrained) = (
      before.last, before.written, before.leftOut, before.isDrained
    )
    isLeavingOut = true
  }

  /// `nextOutput` returned nil. Only the first nil after something happened is worth a record.
  public func drained() {
    guard !isLeavingOut else {
      isLeavingOut = false
      return
    }
    guard !isDrained else { return }
    write(.drained) { () throws(Archive.Damage) in }
    isDrained = true
  }

  /// Which call a Call-ID or an exchange belongs to, once it is known.
  public func name(_ name: JournalName) {
    write(.name) { () throws(Archive.Damage) in _ = try record.name(name) }
  }

  /// The octets written since the last time; the header comes with the first of them. They take their room along: one
  /// huge record must not make every later step ask for as much.
  public func takeOctets() -> [UInt8] {
    guard !pending.isEmpty else { return [] }
    taken = written
    let taken = pending
    pending = []
    pending.reserveCapacity(JournalWriter.room)
    return taken
  }

  public var pendingOctets: Int { pending.count }

  /// How a file begins that is to hold what is taken next: it says how many records stand in files before it (spec Y-7).
  public func continuation() -> [UInt8] {
    let beginning = Archive()
    _ = try? beginning.octet(JournalFormat.RecordKind.continuation.rawValue)
    _ = try? beginning.number(UInt64(0))
    _ = try? beginning.number(taken.records)
    var octets = headerOctets(origin: taken.last)
    JournalWriter.append(UInt64(beginning.bytes.count), to: &octets)
    return octets + beginning.bytes
  }

  // MARK: the gap

  /// Records are counted instead of written from now on: the disk does not take them (spec Y-7).
  public func beginGap() { leftOut = leftOut ?? 0 }

  /// Marks the gap, if there is one, and goes on; returns how many records it lacks.
  @discardableResult
  public func endGap() -> UInt64 {
    guard let lacking = leftOut else { return 0 }
    leftOut = nil
    guard lacking > 0 else { return 0 }
    write(.gap) { () throws(Archive.Damage) in try record.number(lacking) }
    return lacking
  }

  public var isInGap: Bool { leftOut != nil }

  // MARK: one record

  private func write(
    _ kind: JournalFormat.RecordKind, at now: Instant? = nil,
    _ fields: () throws(Archive.Damage) -> Void
  ) {
    if last == nil { header(origin: now ?? Instant(nanoseconds: 0)) }
    isDrained = false
    guard leftOut == nil else {
      leftOut? &+= 1
      return
    }
    let elapsed = begin(kind, at: now)
    end(kind, elapsed, (try? fields()) != nil)
  }

  /// Nanoseconds since the record before.
  private func begin(_ kind: JournalFormat.RecordKind, at now: Instant?) -> UInt64 {
    // Time never runs backwards in a journal: a caller who makes it do so gets the same instant twice.
    let before = last ?? Instant(nanoseconds: 0)
    let instant = max(now ?? before, before)
    let elapsed = UInt64((instant - before).nanoseconds)
    last = instant
    record.begin()
    _ = try? record.octet(kind.rawValue)
    _ = try? record.number(elapsed)
    return elapsed
  }

  private func end(_ kind: JournalFormat.RecordKind, _ elapsed: UInt64, _ isWhole: Bool) {
    if !isWhole || record.omitted > 0 || record.bytes.count > JournalFormat.recordLimit {
      let octets = UInt64(record.bytes.count + record.omitted)
      record.begin()
      _ = try? record.octet(JournalFormat.RecordKind.omitted.rawValue)
      _ = try? record.number(elapsed)
      _ = try? record.octet(kind.rawValue)
      _ = try? record.number(octets)
    }
    JournalWriter.append(UInt64(record.bytes.count), to: &pending)
    pending += record.bytes
    written = (written.records &+ 1, last ?? Instant(nanoseconds: 0))
  }

  private func header(origin: Instant) {
    pending += headerOctets(origin: origin)
    last = origin
    written.last = origin
  }

  private func headerOctets(origin: Instant) -> [UInt8] {
    let header = Archive()
    _ = try? header.number(JournalFormat.version)
    _ = try? header.text(product)
    _ = try? header.instant(origin)
    return JournalFormat.magic + header.bytes
  }

  private static func append(_ number: UInt64, to octets: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      octets.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    octets.append(UInt8(truncatingIfNeeded: rest))
  }
}
