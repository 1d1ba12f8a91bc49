import CRCML

/// What is asked of a trace, as rcml_ladder_options has it.
struct TraceRequest {
  var call: String?
  var form = "ladder"
  var choice: String?
  var time = "local"

  /// `function`: rcml_journal_ladder of a path, or rcml_agent_ladder of an agent. The pieces of the text in their order; of
  /// "json" each is one object, and a line.
  func read(
    _ function: (
      UnsafePointer<rcml_ladder_options>,
      @convention(c) (
        UnsafeMutableRawPointer?, UnsafePointer<CChar>?, Int
      ) -> Void, UnsafeMutableRawPointer, UnsafeMutablePointer<rcml_error>
    ) -> Int32
  ) throws(Problem) -> [String] {
    var pieces: [String] = []
    var error = AgentSession.noError()
    let code = lend { options in
      withUnsafeMutablePointer(to: &pieces) { kept in
        function(
          options,
          { context, piece, length in
            guard let context, let piece else { return }
            context.assumingMemoryBound(to: [String].self).pointee.append(
              String(
                decoding: UnsafeRawBufferPointer(start: piece, count: length), as: UTF8.self))
          }, kept, &error)
      }
    }
    guard code == RCML_OK.rawValue else { throw .failed(AgentSession.text(of: error)) }
    return pieces
  }

  func read(journal path: String) throws(Problem) -> [String] {
    try read { rcml_journal_ladder(path, $0, $1, $2, $3) }
  }

  private func lend(_ body: (UnsafePointer<rcml_ladder_options>) -> Int32) -> Int32 {
    form.withCString { form in
      time.withCString { time in
        TraceRequest.lend(call) { call in
          TraceRequest.lend(choice) { choice in
            var options = rcml_ladder_options()
            options.struct_size = MemoryLayout<rcml_ladder_options>.size
            options.call = call
            options.form = form
            options.choice = choice
            options.time = time
            return body(&options)
          }
        }
      }
    }
  }

  private static func lend(
    _ text: String?, _ body: (UnsafePointer<CChar>?) -> Int32
  ) -> Int32 {
    text?.withCString { body($0) } ?? body(nil)
  }
}
