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
    let waiting = WaitingLine("doing \(path) again, \(Files.size(of: path) >> 20) MiB")
    let code = rcml_journal_replay(path, &result, &error)
    waiting.end()
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
      Words.out(line.text)
    } else if isSame {
      let torn = result.torn ? " The last record was cut off and is not part of that." : ""
      Words.out(
        "The same: \(result.inputs) inputs gave the same \(result.outputs) outputs, byte for byte.\(torn)"
      )
    }
    if !isSame { Words.error("rcml replay: not the same. " + difference) }
    return isSame ? 0 : 1
  }
}
