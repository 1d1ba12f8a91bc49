import RCMLBasics
import RCMLDial
import RCMLMedia
import Testing

@testable import RCMLAgent

/// Every type of the contract: written, read, equal. A case without a sample fails here.
struct ArchiveTests {
  private func expectEveryCase<Value: Kinded>(of samples: [Value]) {
    let missing = Set(Value.Kind.allCases).subtracting(samples.map(\.kind))
    #expect(missing.isEmpty, "\(Value.self): there is no sample of \(missing)")
  }

  /// As it is read from what was written; nothing may be left over.
  private func read<Value>(
    _ value: Value, _ archive: (Archive, Value?) throws -> Value,
    _ check: (Value) -> Void
  ) throws {
    let writer = Archive()
    _ = try archive(writer, value)
    #expect(writer.omitted == 0)
    try writer.bytes.withUnsafeBytes { bytes in
      let reader = Archive(reading: bytes)
      check(try archive(reader, nil))
      #expect(reader.isAtEnd, "\(value)")
    }
  }

  private func expectEqual<Value: Equatable>(
    _ samples: [Value], _ archive: (Archive, Value?) throws -> Value
  ) throws {
    for (place, sample) in samples.enumerated() {
      // Two samples that are equal would hide a field that is not written.
      #expect(!samples[..<place].contains(sample), "\(sample)")
      try read(sample, archive) { #expect($0 == sample) }
    }
  }

  /// An input in words that do not depend on where its octets lie.
  private static func words(_ input: Input) -> String {
    switch input {
    case .network(.datagram(let id, let from, let local, let bytes)):
      "datagram \(id) \(from) \(local) \(Array(bytes))"
    case .network(.datagramOverdue(let id, let from, let local, let bytes)):
      "overdue \(id) \(from) \(local) \(Array(bytes))"
    case .network(.streamBytes(let id, let bytes)): "bytes \(id) \(Array(bytes))"
    case .started, .wallClock, .network, .names, .web, .media, .memory, .timePassed: "\(input)"
    }
  }

  @Test func inputs() throws {
    try JournalSamples.payload.withUnsafeBytes { bytes in
      let inputs = JournalSamples.inputs(bytes)
      expectEveryCase(of: inputs)
      expectEveryCase(of: JournalSamples.networkInputs(bytes))
      #expect(Set(inputs.map(Self.words)).count == inputs.count)
      for input in inputs {
        try read(input, { try $0.input($1) }) { #expect(Self.words($0) == Self.words(input)) }
      }
    }
    expectEveryCase(of: JournalSamples.nameAnswers)
    expectEveryCase(of: JournalSamples.webAnswers)
    expectEveryCase(of: JournalSamples.mediaEvents)
  }

  @Test func commands() throws {
    try expectEqual(JournalSamples.commands) { try $0.command($1) }
    expectEveryCase(of: JournalSamples.commands)
    expectEveryCase(of: JournalSamples.callCommands)
    expectEveryCase(of: JournalSamples.hostPartyReports)
    expectEveryCase(of: JournalSamples.hostAnswers)
    expectEveryCase(of: JournalSamples.decisions)
    expectEveryCase(of: JournalSamples.sources)
  }

  @Test func results() throws {
    try expectEqual(JournalSamples.results) { try $0.result($1) }
    expectEveryCase(of: JournalSamples.results)
  }

  @Test func outputs() throws {
    try expectEqual(JournalSamples.outputs) { try $0.output($1) }
    expectEveryCase(of: JournalSamples.outputs)
    expectEveryCase(of: JournalSamples.networkOutputs)
    expectEveryCase(of: JournalSamples.nameCommands)
    expectEveryCase(of: JournalSamples.webCommands)
    expectEveryCase(of: JournalSamples.mediaCommands)
    expectEveryCase(of: JournalSamples.codecs)
    expectEveryCase(of: JournalSamples.items)
    expectEveryCase(of: JournalSamples.sounds)
  }

  @Test func events() throws {
    try expectEqual(JournalSamples.events) { try $0.hostEvent($1) }
    expectEveryCase(of: JournalSamples.events)
    expectEveryCase(of: JournalSamples.callEvents)
    expectEveryCase(of: JournalSamples.actions)
    expectEveryCase(of: JournalSamples.questions)
  }

  @Test func names() throws {
    try expectEqual(JournalSamples.names) { try $0.name($1) }
    expectEveryCase(of: JournalSamples.names)
  }

  /// The bounds of numbers, and what is none.
  @Test func numbers() throws {
    try expectEqual([0, 1, 0x7f, 0x80, 0x3fff, 0x4000, UInt64.max - 1, .max]) { try $0.number($1) }
    try expectEqual([0, 1, -1, 63, -64, Int64.max, .min]) { try $0.signed($1) }
    let damaged: [[UInt8]] = [
      [], [0x80], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02],
    ]
    for octets in damaged {
      octets.withUnsafeBytes { bytes in
        _ = #expect(throws: Archive.Damage.self) {
          let _: UInt64 = try Archive(reading: bytes).number(nil)
        }
      }
    }
    ([0x80, 0x02] as [UInt8]).withUnsafeBytes { bytes in
      _ = #expect(throws: Archive.Damage.self) {
        let _: UInt8 = try Archive(reading: bytes).number(nil)
      }
    }
  }
}
