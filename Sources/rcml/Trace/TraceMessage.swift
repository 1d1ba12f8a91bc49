import CRCML

/// A SIP message of a journal, as rcml_journal_messages tells it.
struct TraceMessage {
  var microseconds: Int64
  var unixMicroseconds: Int64
  var isSent: Bool
  var local: String
  var peer: String
  var connection: UInt64
  var sid: String
  var octets: [UInt8]

  init(_ told: rcml_trace_message) {
    func text(_ pointer: UnsafePointer<CChar>?) -> String {
      pointer.map { String(cString: $0) } ?? ""
    }
    microseconds = told.at_us
    unixMicroseconds = told.unix_us
    isSent = told.sent
    local = text(told.local)
    peer = text(told.peer)
    connection = told.connection
    sid = text(told.call_sid)
    octets = Array(UnsafeRawBufferPointer(start: told.text, count: told.length))
  }

  /// Of one call, or of all.
  static func read(_ path: String, call: String?) throws(Problem) -> [TraceMessage] {
    var found: [TraceMessage] = []
    var error = AgentSession.noError()
    func read(_ call: UnsafePointer<CChar>?) -> Int32 {
      var wanted = rcml_ladder_options()
      wanted.struct_size = MemoryLayout<rcml_ladder_options>.size
      wanted.call = call
      return withUnsafeMutablePointer(to: &found) { kept in
        rcml_journal_messages(
          path, &wanted,
          { context, message in
            guard let context, let message else { return }
            context.assumingMemoryBound(to: [TraceMessage].self).pointee.append(
              TraceMessage(message.pointee))
          }, kept, &error)
      }
    }
    let code = call?.withCString { read($0) } ?? read(nil)
    guard code == RCML_OK.rawValue else { throw .failed(AgentSession.text(of: error)) }
    return found
  }
}
