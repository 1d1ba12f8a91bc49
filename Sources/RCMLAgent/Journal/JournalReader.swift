import RCMLBasics

/// Reads a journal record by record.
public struct JournalReader {
  /// The version of the library that wrote it.
  public let product: String
  /// True once the end was reached and the last record was cut off, as a killed writer leaves it.
  public private(set) var isTorn = false
  public private(set) var instant: Instant

  private let bytes: UnsafeRawBufferPointer
  private var position: Int
  private var count = 0

  /// The octets are lent for as long as the reader and its records are used.
  public init(_ bytes: UnsafeRawBufferPointer) throws(JournalError) {
    let magic = JournalFormat.magic
    guard bytes.count >= magic.count, bytes.prefix(magic.count).elementsEqual(magic) else {
      throw .notAJournal
    }
    let header = Archive(reading: UnsafeRawBufferPointer(rebasing: bytes[magic.count...]))
    guard let version: UInt64 = try? header.number(nil), let product = try? header.text(nil) else {
      throw .notAJournal
    }
    guard version == JournalFormat.version else {
      throw .unknownVersion(version, product: product)
    }
    guard let origin = try? header.instant(nil) else { throw .notAJournal }
    self.product = product
    instant = origin
    self.bytes = bytes
    position = magic.count + header.offset
  }

  /// Records that stand behind others, which were read before: the last of them at `instant`.
  init(_ records: UnsafeRawBufferPointer, after instant: Instant) {
    product = ""
    self.instant = instant
    bytes = records
    position = 0
  }

  /// The next record, or nil at the end.
  public mutating func next() throws(JournalError) -> JournalRecord? {
    guard position < bytes.count, !isTorn else { return nil }
    let prefix = Archive(reading: UnsafeRawBufferPointer(rebasing: bytes[position...]))
    guard let length: UInt64 = try? prefix.number(nil) else {
      return try torn(unless: bytes.count - position >= 10, "its length is no number")
    }
    guard length <= UInt64(JournalFormat.recordLimit) else {
      throw damage("a record of \(length) octets is longer than any can be")
    }
    let start = position + prefix.offset
    guard Int(length) <= bytes.count - start else {
      isTorn = true
      return nil
    }
    let body = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + Int(length))])
    do throws(Archive.Damage) {
      let record = try read(body)
      count += 1
      position = start + Int(length)
      return record
    } catch {
      throw damage(error.text)
    }
  }

  private mutating func read(
    _ body: UnsafeRawBufferPointer
  ) throws(Archive.Damage) -> JournalRecord {
    let reader = Archive(reading: body)
    let kind: JournalFormat.RecordKind = try reader.raw(nil)
    let elapsed: UInt64 = try reader.number(nil)
    let fields = UnsafeRawBufferPointer(rebasing: body[reader.offset...])
    let content: JournalRecord.Content
    switch kind {
    case .input: content = .input(try reader.input(nil))
    case .command: content = .command(try reader.command(nil))
    case .result: content = .result(try reader.result(nil))
    case .output: content = .output(try reader.output(nil))
    case .drained: content = .drained
    case .name: content = .name(try reader.name(nil))
    case .omitted:
      let kind: JournalFormat.RecordKind = try reader.raw(nil)
      let octets: UInt64 = try reader.number(nil)
      content = .omitted(kind, octets: Int(clamping: octets))
    case .gap:
      let records: UInt64 = try reader.number(nil)
      content = .gap(records: Int(clamping: records))
    case .continuation:
      let records: UInt64 = try reader.number(nil)
      content = .continuation(records: Int(clamping: records))
    }
    guard reader.isAtEnd else {
      throw Archive.Damage(text: "octets are left over after its last field")
    }
    instant = instant + Interval(nanoseconds: Int64(clamping: elapsed))
    return JournalRecord(number: count + 1, instant: instant, content: content, fields: fields)
  }

  private mutating func torn(
    unless isDamage: Bool, _ what: String
  ) throws(JournalError) -> JournalRecord? {
    if isDamage { throw damage(what) }
    isTorn = true
    return nil
  }

  private func damage(_ what: String) -> JournalError {
    .damaged(record: count + 1, offset: position, what)
  }
}
