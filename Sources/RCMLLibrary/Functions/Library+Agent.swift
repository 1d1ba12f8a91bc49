// swift-format-ignore-file: AlwaysUseLowerCamelCase
// The names are those of rcml.h.

import CRCML
import CSystem
import Glibc
import RCMLAgent
import RCMLBasics
import RCMLDial
import RCMLReactor

@c @implementation
public func rcml_agent_create(_ error: UnsafeMutablePointer<rcml_error>?) -> OpaquePointer? {
  do throws(Failure) {
    guard system_memory_is_kept() else { throw .noMemory }
    return AgentTable.shared.add(try AgentHandle())
  } catch let failure {
    failure.write(to: error)
    return nil
  }
}

@c @implementation
public func rcml_agent_destroy(_ agent: OpaquePointer?) -> Int32 {
  guard agent != nil else { return RCML_OK.rawValue }
  guard let handle = AgentTable.shared.find(agent) else { return RCML_E_HANDLE.rawValue }
  guard handle.isOwned else {
    // Only our copies of its descriptors are closed. No lock of it is touched: it may be held for ever here.
    if AgentTable.shared.remove(agent) { handle.close() }
    return RCML_OK.rawValue
  }
  guard handle.enter(driving: true) else { return RCML_E_BUSY.rawValue }
  guard AgentTable.shared.remove(agent) else { return RCML_E_HANDLE.rawValue }
  handle.close()
  return RCML_OK.rawValue
}

@c @implementation
public func rcml_agent_set(
  _ agent: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ value: UnsafePointer<CChar>?,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    guard let name = CText.read(name) else { throw .missing("The name") }
    do throws(Failure) {
      _ = try handle.perform(
        CText.read(value).map { .set(name: name, value: $0) } ?? .reset(name: name))
    } catch let failure {
      throw Failure(RCML_E_SETTING, failure.text)
    }
    return RCML_OK.rawValue
  }
}

@c @implementation
public func rcml_agent_journal(
  _ agent: OpaquePointer?, _ path: UnsafePointer<CChar>?, _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    guard let path = CText.read(path) else { throw .missing("The path") }
    try handle.with { reactor throws(ReactorError) in
      try reactor.writeJournal(to: path, product: LibraryVersion.text)
    }
    return RCML_OK.rawValue
  }
}

@c @implementation
public func rcml_agent_trace(
  _ agent: OpaquePointer?, _ calls: Int32, _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    guard (1...10_000).contains(calls) else {
      throw Failure(RCML_E_ARGUMENT, "A trace keeps 1 to 10000 calls, not \(calls).")
    }
    try handle.with { reactor throws(ReactorError) in
      try reactor.keepTrace(calls: Int(calls), product: LibraryVersion.text)
    }
    return RCML_OK.rawValue
  }
}

@c @implementation
public func rcml_agent_ladder(
  _ agent: OpaquePointer?, _ options: UnsafePointer<rcml_ladder_options>?,
  _ function: rcml_text_function?, _ context: UnsafeMutableRawPointer?,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    guard let function else { throw .missing("The function for the text") }
    let wanted = try GivenTrace.read(options)
    let kept = try handle.with { reactor throws(ReactorError) in reactor.trace }
    guard let kept else {
      throw Failure(RCML_E_STATE, "No trace is kept: rcml_agent_trace comes first.")
    }
    do throws(JournalError) {
      try kept.write(wanted) { GivenTrace.hand($0, to: function, context) }
    } catch let problem {
      throw Failure(problem)
    }
    return RCML_OK.rawValue
  }
}

@c @implementation
public func rcml_agent_listen(
  _ agent: OpaquePointer?, _ address: UnsafePointer<CChar>?,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    guard let text = CText.read(address) else { throw .missing("The address") }
    return try handle.with { reactor throws(ReactorError) in
      try reactor.listen(text)
      return Int32(clamping: reactor.boundAddresses.count - 1)
    }
  }
}

@c @implementation
public func rcml_agent_listener(
  _ agent: OpaquePointer?, _ index: Int, _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int
) -> Int32 {
  Entry.loop(agent) { handle throws(Failure) in
    guard size == 0 || buffer != nil else { throw .missing("The buffer") }
    let bound = try handle.with { reactor throws(ReactorError) in reactor.boundAddresses }
    guard index >= 0, index < bound.count else { return 0 }
    guard let uri = bound[index]?.uri else {
      throw Failure(RCML_E_GONE, "Listener \(index) takes no more calls.")
    }
    if let buffer { CText.copy(uri, to: buffer, room: size) }
    return Int32(clamping: uri.utf8.count)
  }
}

@c @implementation
public func rcml_agent_unlisten(
  _ agent: OpaquePointer?, _ index: Int, _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    let isFree = try handle.with { reactor throws(ReactorError) in try reactor.unlisten(index) }
    guard let isFree else {
      throw Failure(RCML_E_GONE, "There is no listener \(index), or no more.")
    }
    return isFree ? 1 : 0
  }
}

@c @implementation
public func rcml_agent_default_document(
  _ agent: OpaquePointer?, _ document: UnsafePointer<rcml_document>?,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    let source = try document.map { pointer throws(Failure) in try GivenDocument.read(pointer) }
    _ = try handle.perform(.defaultDocument(source))
    return RCML_OK.rawValue
  }
}

@c @implementation
public func rcml_agent_call(
  _ agent: OpaquePointer?, _ options: UnsafePointer<rcml_call_options>?,
  _ out_call: UnsafeMutablePointer<rcml_call_id>?, _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    guard let options else { throw .missing("The options struct") }
    guard let given = SizedStruct.read(options, otherwise: rcml_call_options()) else {
      throw Failure(RCML_E_ARGUMENT, "The options were not set up with RCML_CALL_OPTIONS_INIT.")
    }
    guard let party = CText.read(given.party) else { throw .missing("The party") }
    let document = try GivenDocument(given.document)
    let from = CText.read(given.from) ?? ""
    guard (0...600).contains(given.timeout) else {
      throw Failure(
        RCML_E_ARGUMENT,
        "The timeout is \(given.timeout): 1 to 600 seconds, or 0 for the setting call_timeout.")
    }
    let result = try handle.perform(
      .call(
        party: party, from: from, document.source, limit: .seconds(Int(given.timeout)),
        settings: document.settings))
    guard case .called(let number) = result else {
      throw Failure(RCML_E_STATE, "The agent made no call.")
    }
    handle.book.began(
      number, to: party, from: from, sid: handle.sid(of: number), isOutgoing: true,
      context: given.context)
    out_call?.pointee = HandleIDs.call(number)
    return RCML_OK.rawValue
  }
}

@c @implementation
public func rcml_agent_answer_request(
  _ agent: OpaquePointer?, _ request: rcml_request_id, _ status: Int32,
  _ content_type: UnsafePointer<CChar>?, _ body: UnsafePointer<CChar>?, _ length: Int,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    guard let question = HandleIDs.question(request) else {
      throw Failure(RCML_E_GONE, "0 is no request.")
    }
    guard (200...599).contains(status) else {
      throw Failure(RCML_E_ARGUMENT, "\(status) is no HTTP status: 200 to 599.")
    }
    guard length >= 0, length <= 1 << 30, length == 0 || body != nil else {
      throw .missing("The body")
    }
    let octets = body.map {
      length == 0 ? [] : Array(UnsafeRawBufferPointer(start: $0, count: length))
    }
    _ = try handle.perform(
      .answer(
        question,
        .request(
          status: UInt16(status), contentType: CText.read(content_type) ?? "text/xml",
          body: octets ?? [])))
    return RCML_OK.rawValue
  }
}

@c @implementation
public func rcml_agent_answer_credentials(
  _ agent: OpaquePointer?, _ request: rcml_request_id, _ username: UnsafePointer<CChar>?,
  _ password: UnsafePointer<CChar>?, _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    guard let question = HandleIDs.question(request) else {
      throw Failure(RCML_E_GONE, "0 is no question.")
    }
    _ = try handle.perform(
      .answer(
        question,
        .credentials(
          username: CText.read(username).map { Private($0) },
          password: Private(CText.read(password) ?? ""))))
    return RCML_OK.rawValue
  }
}

@c @implementation
public func rcml_agent_answer_target(
  _ agent: OpaquePointer?, _ request: rcml_request_id, _ allow: Bool,
  _ uri: UnsafePointer<CChar>?, _ username: UnsafePointer<CChar>?,
  _ password: UnsafePointer<CChar>?, _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    guard let question = HandleIDs.question(request) else {
      throw Failure(RCML_E_GONE, "0 is no question.")
    }
    var decision = allow ? TargetDecision.asItIs : .denied
    if allow, let uri = CText.read(uri) {
      let username = CText.read(username).map { Private($0) }
      decision = .instead(
        uri: uri, username: username,
        password: username.map { _ in Private(CText.read(password) ?? "") })
    }
    _ = try handle.perform(.answer(question, .target(decision)))
    return RCML_OK.rawValue
  }
}

@c @implementation
public func rcml_agent_answer_url(
  _ agent: OpaquePointer?, _ request: rcml_request_id, _ allow: Bool,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    guard let question = HandleIDs.question(request) else {
      throw Failure(RCML_E_GONE, "0 is no question.")
    }
    _ = try handle.perform(.answer(question, .url(isAllowed: allow)))
    return RCML_OK.rawValue
  }
}

@c @implementation
public func rcml_agent_answer_speech(
  _ agent: OpaquePointer?, _ request: rcml_request_id, _ content_type: UnsafePointer<CChar>?,
  _ body: UnsafePointer<CChar>?, _ length: Int, _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    guard let question = HandleIDs.question(request) else {
      throw Failure(RCML_E_GONE, "0 is no question.")
    }
    guard length >= 0, length <= 1 << 30, length == 0 || body != nil else {
      throw .missing("The body")
    }
    let octets = body.map { Array(UnsafeRawBufferPointer(start: $0, count: length)) }
    _ = try handle.perform(
      .answer(question, .speech(contentType: CText.read(content_type) ?? "", body: octets)))
    return RCML_OK.rawValue
  }
}

@c @implementation
public func rcml_agent_answer_verb(
  _ agent: OpaquePointer?, _ request: rcml_request_id, _ done: Bool,
  _ document: UnsafePointer<rcml_document>?, _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    guard let question = HandleIDs.question(request) else {
      throw Failure(RCML_E_GONE, "0 is no question.")
    }
    var decision = done ? VerbDecision.done : .skip
    if document != nil { decision = .document(try GivenDocument.read(document)) }
    _ = try handle.perform(.answer(question, .verb(decision)))
    return RCML_OK.rawValue
  }
}

@c @implementation
public func rcml_agent_drain(_ agent: OpaquePointer?) -> Int32 {
  Entry.any(agent) { $0.ask(drain: true, stop: false) }
}

@c @implementation
public func rcml_agent_stop(_ agent: OpaquePointer?) -> Int32 {
  Entry.any(agent) { $0.ask(drain: false, stop: true) }
}
