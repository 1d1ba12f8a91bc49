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

  /// `product`: the version of the library, for whoever reads the journal later.
  package init(product: String) { self.product = product }

  package func input(_ input: Input, at now: Instant) {
    let elapsed = begin(.input, at: now)
    end(.input, elapsed, (try? record.input(input)) != nil)
  }

  package func command(_ command: Command, at now: Instant) {
    let elapsed = begin(.command, at: now)
    end(.command, elapsed, (try? record.command(command)) != nil)
  }

  /// What the command just written came to.
  package func result(_ result: Result<CommandResult, Refusal>) {
    let elapsed = begin(.result, at: nil)
    end(.result, elapsed, (try? record.result(result)) != nil)
  }

  package func output(_ output: Output) {
    let elapsed = begin(.output, at: nil)
    end(.output, elapsed, (try? record.output(output)) != nil)
  }

  /// `nextOutput` returned nil. Only the first nil after something happened is worth a record.
  package func drained() {
    guard !isDrained else { return }
    let elapsed = begin(.drained, at: nil)
    end(.drained, elapsed, true)
    isDrained = true
  }

  /// Which call a Call-ID or an exchange belongs to, once it is known.
  package func name(_ name: JournalName) {
    let elapsed = begin(.name, at: nil)
    end(.name, elapsed, (try? record.name(name)) != nil)
  }

  /// The octets written since the last time; the header comes with the first of them.
  package func takeOctets() -> [UInt8] {
    let taken = pending
    pending.removeAll(keepingCapacity: true)
    return taken
  }

  /// Nanoseconds since the record before.
  private func begin(_ kind: JournalFormat.RecordKind, at now: Instant?) -> UInt64 {
    if last == nil { header(origin: now ?? Instant(nanoseconds: 0)) }
    isDrained = false
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
