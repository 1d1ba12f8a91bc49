import RCMLBasics

/// Turns what an agent hears, does and says into the octets of a journal.
///
/// The agent tells it everything in order; somebody above takes the octets and appends them to a file. It has
/// to be there before the first input or command, or the journal cannot be replayed.
package struct JournalWriter {
  private var pending: [UInt8] = []
  private var record = FieldWriter()
  private var mask = SecretMask()
  private var last: Instant?
  private let product: String
  private var isDrained = true

  /// `product`: the version of the library, for whoever reads the journal later.
  package init(product: String) { self.product = product }

  package mutating func input(_ input: Input, at now: Instant) {
    begin(.input, at: now)
    record.input(input, mask: &mask)
    end()
  }

  package mutating func command(_ command: Command, at now: Instant) {
    begin(.command, at: now)
    record.command(command, mask: &mask)
    end()
  }

  /// What the command just written came to.
  package mutating func result(_ result: Result<CommandResult, Refusal>) {
    begin(.result, at: nil)
    record.result(result)
    end()
  }

  package mutating func output(_ output: Output) {
    begin(.output, at: nil)
    record.output(output, mask: &mask)
    end()
  }

  /// `nextOutput` returned nil. Only the first nil after something happened is worth a record.
  package mutating func drained() {
    guard !isDrained else { return }
    begin(.drained, at: nil)
    end()
    isDrained = true
  }

  /// Which call a Call-ID or an exchange belongs to, once it is known.
  package mutating func name(_ name: JournalName) {
    begin(.name, at: nil)
    record.name(name)
    end()
  }

  /// The octets written since the last time; the header comes with the first of them.
  package mutating func take() -> [UInt8] {
    let taken = pending
    pending.removeAll(keepingCapacity: true)
    return taken
  }

  private mutating func begin(_ kind: JournalFormat.RecordKind, at now: Instant?) {
    if last == nil { header(origin: now ?? Instant(nanoseconds: 0)) }
    isDrained = false
    record.removeAll()
    record.octet(kind.rawValue)
    // Time never runs backwards in a journal: a caller who makes it do so gets the same instant twice.
    let before = last ?? Instant(nanoseconds: 0)
    let instant = max(now ?? before, before)
    record.number(UInt64((instant - before).nanoseconds))
    last = instant
  }

  private mutating func end() {
    var length = FieldWriter()
    length.number(UInt64(record.bytes.count))
    pending += length.bytes
    pending += record.bytes
  }

  private mutating func header(origin: Instant) {
    var header = FieldWriter()
    header.number(JournalFormat.version)
    header.text(product)
    header.number(origin.nanoseconds)
    pending += JournalFormat.magic
    pending += header.bytes
    last = origin
  }
}
