// swift-format-ignore-file: AlwaysUseLowerCamelCase
// The names are those of rcml.h.

import CRCML
import RCMLAgent
import RCMLReactor

private func octets(of path: UnsafePointer<CChar>?) throws(Failure) -> [UInt8] {
  guard let path = CText.read(path) else { throw .missing("The path") }
  return try FileReader.octets(of: path)
}

@c @implementation
public func rcml_journal_replay(
  _ path: UnsafePointer<CChar>?, _ result: UnsafeMutablePointer<rcml_replay_result>?,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.free(error) { () throws(Failure) in
    let bytes = try octets(of: path)
    let found: ReplayResult
    do throws(JournalError) {
      found = try Replay.run(bytes)
    } catch let problem {
      throw Failure(RCML_E_JOURNAL, problem.description)
    }
    var report = rcml_replay_result()
    report.records = UInt64(found.records)
    report.inputs = UInt64(found.inputs)
    report.outputs = UInt64(found.outputs)
    report.duration_ms = Int64(found.duration.wholeMilliseconds)
    report.torn = found.isTorn
    let words = found.difference.map(describe) ?? ""
    withUnsafeMutableBytes(of: &report.difference) { room in
      if let base = room.baseAddress { CText.copy(words, to: base, room: room.count) }
    }
    if let result, !SizedStruct.write(report, to: result) {
      throw Failure(RCML_E_ARGUMENT, "The result was not set up with RCML_REPLAY_RESULT_INIT.")
    }
    guard found.difference == nil else { throw Failure(RCML_E_DIFFERS, words) }
    return RCML_OK.rawValue
  }
}

private func describe(_ difference: ReplayDifference) -> String {
  let milliseconds = difference.time.wholeMilliseconds
  let seconds = "\(milliseconds / 1000)." + String(milliseconds % 1000 + 1000).dropFirst()
  var words =
    "At \(seconds) s, record \(difference.record): the journal says \(difference.recorded), "
  words += "now it was \(difference.replayed)."
  if !difference.detail.isEmpty { words += " " + difference.detail }
  return words
}

@c @implementation
public func rcml_journal_ladder(
  _ path: UnsafePointer<CChar>?, _ options: UnsafePointer<rcml_ladder_options>?,
  _ function: rcml_text_function?, _ context: UnsafeMutableRawPointer?,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.free(error) { () throws(Failure) in
    guard let function else { throw .missing("The function for the text") }
    var chosen = rcml_ladder_options()
    if let options {
      guard let given = SizedStruct.read(options, otherwise: chosen) else {
        throw Failure(RCML_E_ARGUMENT, "The options were not set up with RCML_LADDER_OPTIONS_INIT.")
      }
      chosen = given
    }
    let bytes = try octets(of: path)
    var text: String
    do throws(JournalError) {
      text = try Ladder.draw(bytes, call: CText.read(chosen.call))
    } catch let problem {
      if case .noSuchCall = problem { throw Failure(RCML_E_GONE, problem.description) }
      throw Failure(RCML_E_JOURNAL, problem.description)
    }
    text.withUTF8 { piece in
      piece.withMemoryRebound(to: CChar.self) { function(context, $0.baseAddress, $0.count) }
    }
    return RCML_OK.rawValue
  }
}
