import CRCML

extension Command {
  static let replay = Command(
    name: "replay", summary: "does a journal again and proves that everything comes out the same",
    operands: "JOURNAL", options: [json, help]
  ) { options throws(Problem) in
    let path = try options.operand("JOURNAL")
    var result = rcml_replay_result()
    result.struct_size = MemoryLayout<rcml_replay_result>.size
    var error = AgentSession.noError()
    let code = rcml_journal_replay(path, &result, &error)
    guard code == RCML_OK.rawValue || code == RCML_E_DIFFERS.rawValue else {
      throw .failed(AgentSession.text(of: error))
    }
    let isSame = code == RCML_OK.rawValue
    let difference = withUnsafeBytes(of: result.difference) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    if options.has("json") {
      var line = JSONLine()
      line.add("same", isSame)
      line.add("records", Int64(clamping: result.records))
      line.add("inputs", Int64(clamping: result.inputs))
      line.add("outputs", Int64(clamping: result.outputs))
      line.add("duration_ms", result.duration_ms)
      line.add("torn", result.torn)
      line.addUnlessEmpty("difference", difference)
      Words.out(line.line)
    } else if isSame {
      let torn = result.torn ? " The last record was cut off and is not part of that." : ""
      Words.out(
        "The same: \(result.inputs) inputs gave the same \(result.outputs) outputs, byte for byte.\(torn)"
      )
    }
    if !isSame { Words.error("rcml replay: not the same. " + difference) }
    return isSame ? 0 : 1
  }

  static let trace = Command(
    name: "trace", summary: "draws the ladder of a journal", operands: "JOURNAL",
    options: [
      Option("call", "CA...", "only this call"), .notYet("html", "FILE"), .notYet("pcapng", "FILE"),
      help,
    ]
  ) { options throws(Problem) in
    let path = try options.operand("JOURNAL")
    let call = try options.one("call")
    var error = AgentSession.noError()
    func draw(_ call: UnsafePointer<CChar>?) -> Int32 {
      var wanted = rcml_ladder_options()
      wanted.struct_size = MemoryLayout<rcml_ladder_options>.size
      wanted.call = call
      var text = ""
      let code = withUnsafeMutablePointer(to: &text) { kept in
        rcml_journal_ladder(
          path, &wanted,
          { context, piece, length in
            guard let context, let piece else { return }
            context.assumingMemoryBound(to: String.self).pointee += String(
              decoding: UnsafeRawBufferPointer(start: piece, count: length), as: UTF8.self)
          }, kept, &error)
      }
      if code == RCML_OK.rawValue {
        Words.out(text.hasSuffix("\n") ? String(text.dropLast()) : text)
      }
      return code
    }
    let code = call?.withCString { draw($0) } ?? draw(nil)
    guard code == RCML_OK.rawValue else { throw .failed(AgentSession.text(of: error)) }
    return 0
  }
}
