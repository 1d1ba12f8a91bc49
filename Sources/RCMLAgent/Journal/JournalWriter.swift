import RCMLBasics

/// Turns what an agent hears, does and says into the octets of a journal.
///
/// The agent tells it everything in order; somebody above takes the octets and appends them to a file. It has
/// to be there before the first input or command, or the journal cannot be replayed.
package final class JournalWriter {
  private var pending: [UInt8] = []
  private let record = Archive()
  private var last: Instant?
  private let product: String
  private var isDrained = true
  /// Records since the gap began; nil: there is none.
  private var leftOut: UInt64?

  /// What a step writes is seldom more.
  private static let room = 2_048

  /// `product`: the version of the library, for whoever reads the journal later.
  package init(product: String) { self.product = product }

  package func input(_ input: Input, at now: Instant) {
    write(.input, at: now) { () throws(Archive.Damage) in _ = try record.input(input) }
  }

  package func command(_ command: Command, at now: Instant) {
    write(.command, at: now) { () throws(Archive.Damage) in _ = try record.command(command) }
  }

  /// What the command just written came to.
  package func result(_ result: Result<CommandResult, Refusal>) {
    write(.result) { () throws(Archive.Damage) in _ = try record.result(result) }
  }

  package func output(_ output: Output) {
    write(.output) { () throws(Archive.Damage) in _ = try record.output(output) }
  }

  /// `nextOutput` returned nil. Only the first nil after something happened is worth a record.
  package func drained() {
    guard !isDrained else { return }
    write(.drained) { () throws(Archive.Damage) in }
    isDrained = true
  }

  /// Which call a Call-ID or an exchange belongs to, once it is known.
  package func name(_ name: JournalName) {
    write(.name) { () throws(Archive.Damage) in _ = try record.name(name) }
  }

  /// The octets written since the last time; the header comes with the first of them. They take their room along: one
  /// huge record must not make every later step ask for as much.
  package func takeOctets() -> [UInt8] {
    guard !pending.isEmpty else { return [] }
    let taken = pending
    pending = []
    pending.reserveCapacity(JournalWriter.room)
    return taken
  }

  // MARK: the gap

  /// Records are counted instead of written from now on: the disk does not take them (spec Y-7).
  package func beginGap() { leftOut = leftOut ?? 0 }

  /// Marks the gap, if there is one, and goes on; returns how many records it lacks.
  @discardableResult
  package func endGap() -> UInt64 {
    guard let lacking = leftOut else { return 0 }
    leftOut = nil
    guard lacking > 0 else { return 0 }
    write(.gap) { () throws(Archive.Damage) in try record.number(lacking) }
    return lacking
  }

  package var isInGap: Bool { leftOut != nil }

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
    append(UInt64(record.bytes.count))
    pending += record.bytes
  }

  private func header(origin: Instant) {
    record.begin()
    _ = try? record.number(JournalFormat.version)
    _ = try? record.text(product)
    _ = try? record.instant(origin)
    pending += JournalFormat.magic
    pending += record.bytes
    last = origin
  }

  private func append(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      pending.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    pending.append(UInt8(truncatingIfNeeded: rest))
  }
}
