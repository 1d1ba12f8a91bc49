import CRCML

extension Command {
  static let trace = Command(
    name: "trace",
    summary: "draws the ladder of a journal, or makes a page or a packet capture of it",
    operands: "JOURNAL",
    options: [
      Option("call", "CA...", "only this call"),
      Option("html", "FILE", "write one page: the ladder, and every SIP message to be opened"),
      Option("pcapng", "FILE", "write the SIP messages as packets, for Wireshark and sngrep"),
      help,
    ]
  ) { options throws(Problem) in
    let path = try options.operand("JOURNAL")
    let call = try options.one("call")
    let page = try options.one("html")
    let capture = try options.one("pcapng")
    guard page != nil || capture != nil else {
      let text = try ladder(of: path, call: call)
      Words.out(text.hasSuffix("\n") ? String(text.dropLast()) : text)
      return 0
    }
    let messages = try TraceMessage.read(path, call: call)
    if let capture { try Files.write(PacketCapture(messages).bytes, to: capture) }
    if let page {
      let ladder = try ladder(of: path, call: call)
      let name = call.map { "\(path), call \($0)" } ?? path
      let made = TracePage(title: name, ladder: ladder, messages: messages)
      try Files.write(Array(made.text.utf8), to: page)
    }
    return 0
  }

  private static func ladder(of path: String, call: String?) throws(Problem) -> String {
    var error = AgentSession.noError()
    var text = ""
    func draw(_ call: UnsafePointer<CChar>?) -> Int32 {
      var wanted = rcml_ladder_options()
      wanted.struct_size = MemoryLayout<rcml_ladder_options>.size
      wanted.call = call
      return withUnsafeMutablePointer(to: &text) { kept in
        rcml_journal_ladder(
          path, &wanted,
          { context, piece, length in
            guard let context, let piece else { return }
            context.assumingMemoryBound(to: String.self).pointee += String(
              decoding: UnsafeRawBufferPointer(start: piece, count: length), as: UTF8.self)
          }, kept, &error)
      }
    }
    let code = call?.withCString { draw($0) } ?? draw(nil)
    guard code == RCML_OK.rawValue else { throw .failed(AgentSession.text(of: error)) }
    return text
  }
}
