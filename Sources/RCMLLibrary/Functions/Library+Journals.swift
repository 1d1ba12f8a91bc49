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
      throw Failure(problem)
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
    let wanted = try GivenTrace.read(options)
    let bytes = try octets(of: path)
    do throws(JournalError) {
      try Trace.write(bytes, wanted) { GivenTrace.hand($0, to: function, context) }
    } catch let problem {
      throw Failure(problem)
    }
    return RCML_OK.rawValue
  }
}

@c @implementation
public func rcml_journal_messages(
  _ path: UnsafePointer<CChar>?, _ options: UnsafePointer<rcml_ladder_options>?,
  _ function: rcml_trace_function?, _ context: UnsafeMutableRawPointer?,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.free(error) { () throws(Failure) in
    guard let function else { throw .missing("The function for the messages") }
    let call = try GivenTrace.read(options).call
    let bytes = try octets(of: path)
    var lent = LentText()
    defer { lent.free() }
    do throws(JournalError) {
      try WireMessages.read(bytes, call: call) { message in
        lent.reset()
        var told = rcml_trace_message()
        told.struct_size = MemoryLayout<rcml_trace_message>.size
        told.at_us = message.elapsed.nanoseconds / 1_000
        told.unix_us = message.unixMicroseconds
        told.sent = message.isSent
        told.local = lent.put(ListenerAddress(message.transport, message.local).text)
        told.peer = lent.put(ListenerAddress(message.transport, message.peer).text)
        // Ours begin with 0, and 0 is none.
        told.connection = message.connection.map { $0.number &+ 1 } ?? 0
        told.call_sid = lent.put(message.sid?.description ?? "")
        told.text = message.bytes.withUnsafeBytes { lent.put(octets: $0) }
        told.length = message.bytes.count
        function(context, &told)
      }
    } catch let problem {
      throw Failure(problem)
    }
    return RCML_OK.rawValue
  }
}
