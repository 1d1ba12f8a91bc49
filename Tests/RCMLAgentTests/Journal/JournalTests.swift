import RCMLBasics
import Testing

@testable import RCMLAgent

private let start = JournalSamples.start

/// Written again from what was read, it has to be the same octets: reader and writer agree on every field.
@Test func everyKindOfRecordIsReadBackAsItWasWritten() throws {
  let writer = JournalWriter(product: "1.2.3")
  var now = start
  var inputs = 0
  JournalSamples.payload.withUnsafeBytes { bytes in
    for input in JournalSamples.inputs(bytes) {
      now = now + .milliseconds(20)
      writer.input(input, at: now)
      inputs += 1
    }
  }
  for command in JournalSamples.commands {
    now = now + .microseconds(1)
    writer.command(command, at: now)
    writer.result(.success(.called(CallNumber(7))))
    writer.result(.failure(Refusal(code: -3, text: "no")))
  }
  for output in JournalSamples.outputs { writer.output(output) }
  for name in JournalSamples.names { writer.name(name) }
  writer.drained()
  writer.drained()
  let journal = writer.takeOctets()
  #expect(writer.takeOctets().isEmpty)

  let again = JournalWriter(product: "1.2.3")
  var count = 0
  try journal.withUnsafeBytes { lent in
    var reader = try JournalReader(lent)
    #expect(reader.product == "1.2.3")
    while let record = try reader.next() {
      count += 1
      #expect(record.number == count)
      switch record.content {
      case .input(let input): again.input(input, at: record.instant)
      case .command(let command): again.command(command, at: record.instant)
      case .result(let result): again.result(result)
      case .output(let output): again.output(output)
      case .drained: again.drained()
      case .name(let name): again.name(name)
      case .omitted(let kind, let octets): Issue.record("\(kind) of \(octets) is left out")
      case .continuation: Issue.record("it begins in the middle")
      case .gap(let records): Issue.record("\(records) records are lacking")
      }
    }
    #expect(!reader.isTorn)
    #expect(reader.instant == now)
  }
  #expect(
    count
      == inputs + 3 * JournalSamples.commands.count + JournalSamples.outputs.count
      + JournalSamples.names.count + 1)
  #expect(again.takeOctets() == journal)
}

private func sampleJournal() -> [UInt8] {
  let writer = JournalWriter(product: "x")
  writer.command(.set(name: "a", value: "b"), at: start)
  writer.input(.timePassed, at: start + .seconds(1))
  for output in JournalSamples.outputs { writer.output(output) }
  return writer.takeOctets()
}

@Test func aJournalCutOffAnywhereIsReadUpToTheCut() throws {
  let journal = sampleJournal()
  var whole = 0
  for length in 16...journal.count {
    let part = Array(journal[..<length])
    let (read, torn) = try part.withUnsafeBytes { lent -> (Int, Bool) in
      var reader = try JournalReader(lent)
      var count = 0
      while try reader.next() != nil { count += 1 }
      return (count, reader.isTorn)
    }
    #expect(read >= whole)
    whole = max(whole, read)
    if length == journal.count { #expect(!torn) }
  }
  #expect(whole == 2 + JournalSamples.outputs.count)
}

@Test func aDamagedJournalNeverTrapsAndNamesTheRecord() {
  let journal = sampleJournal()
  for position in 8..<journal.count {
    for value in [0, 1, 0x7f, 0x80, 0xff] as [UInt8] {
      var damaged = journal
      damaged[position] = value
      damaged.withUnsafeBytes { lent in
        do throws(JournalError) {
          var reader = try JournalReader(lent)
          while try reader.next() != nil {}
        } catch {
          #expect(!error.description.isEmpty)
        }
      }
    }
  }
  var wrongKind = journal
  // magic 8, version 1, product 2, origin 5, length 1
  wrongKind[17] = 99
  #expect(throws: JournalError.damaged(record: 1, offset: 16, "there is no RecordKind 99")) {
    _ = try Replay.run(wrongKind)
  }
}

@Test func somethingElseThanAJournalIsSaidToBeNone() {
  #expect(throws: JournalError.notAJournal) { _ = try Replay.run([]) }
  #expect(throws: JournalError.notAJournal) { _ = try Replay.run(Array("INVITE sip:a".utf8)) }
}

/// A journal of another format is refused, and the sentence says what to do.
@Test func aJournalOfAnotherFormatIsRefusedWithASentence() {
  var older = sampleJournal()
  older[8] = 1
  #expect(throws: JournalError.unknownVersion(1, product: "x")) { _ = try Replay.run(older) }
  #expect(throws: JournalError.unknownVersion(1, product: "x")) { _ = try Ladder.draw(older) }
  #expect(
    JournalError.unknownVersion(1, product: "0.1.0").description
      == "This journal has format 1, of librcml 0.1.0; this library reads format 7. "
      + "Read it with the library that wrote it, or write it anew with this one.")
  var newer = sampleJournal()
  newer[8] = 8
  #expect(throws: JournalError.unknownVersion(8, product: "x")) { _ = try Replay.run(newer) }
  #expect(
    JournalError.unknownVersion(8, product: "9.0.0").description
      == "This journal has format 8, of librcml 9.0.0; this library reads format 7. "
      + "Read it with a library at least as new as the one that wrote it.")
}

/// The journal claims an output that a fresh agent does not make.
@Test func replayShowsTheFirstDifferenceInWords() throws {
  let writer = JournalWriter(product: "x")
  writer.input(.timePassed, at: start)
  writer.drained()
  writer.input(.timePassed, at: start + .seconds(1))
  writer.output(.names(.addresses(ResolutionID(4), host: Array("example.com".utf8))))
  let result = try Replay.run(writer.takeOctets())
  #expect(!result.isProved)
  let difference = try #require(result.difference)
  #expect(difference.record == 4)
  #expect(difference.time == .seconds(1))
  #expect(difference.recorded == "look up example.com (number 4)")
  #expect(difference.replayed == "nothing")
}
