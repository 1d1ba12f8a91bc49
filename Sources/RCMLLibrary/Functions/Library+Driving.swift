// swift-format-ignore-file: AlwaysUseLowerCamelCase
// The names are those of rcml.h.

import CRCML
import Glibc
import RCMLBasics
import RCMLReactor

@c @implementation
public func rcml_agent_fd(_ agent: OpaquePointer?) -> Int32 {
  Entry.loop(agent) { handle throws(Failure) in
    try handle.with { reactor throws(ReactorError) in reactor.descriptor }
  }
}

@c @implementation
public func rcml_agent_deadline_ms(_ agent: OpaquePointer?) -> Int64 {
  var milliseconds: Int64 = 0
  _ = Entry.loop(agent) { handle throws(Failure) in
    milliseconds = try handle.with { reactor throws(ReactorError) in reactor.deadlineMilliseconds }
    return RCML_OK.rawValue
  }
  return milliseconds
}

@c @implementation
public func rcml_agent_process(_ agent: OpaquePointer?) -> Int32 {
  Entry.loop(agent, driving: true) { handle throws(Failure) in
    try handle.process() ? 1 : 0
  }
}

@c @implementation
public func rcml_agent_next_event(
  _ agent: OpaquePointer?, _ event: UnsafeMutablePointer<rcml_event>?
) -> Int32 {
  Entry.loop(agent, driving: true) { handle throws(Failure) in
    guard let event else { throw .missing("The event") }
    return try handle.next(into: event) ? 1 : 0
  }
}

@c @implementation
public func rcml_agent_wait(
  _ agent: OpaquePointer?, _ timeout_ms: Int64, _ event: UnsafeMutablePointer<rcml_event>?
) -> Int32 {
  Entry.loop(agent, driving: true) { handle throws(Failure) in
    guard let event else { throw .missing("The event") }
    return try handle.wait(milliseconds: timeout_ms, into: event)
  }
}

@c @implementation
public func rcml_agent_run(
  _ agent: OpaquePointer?, _ function: rcml_event_function?, _ context: UnsafeMutableRawPointer?,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  guard let handle = AgentTable.shared.find(agent) else {
    return Failure.notAnAgent.write(to: error)
  }
  guard handle.isOwned else { return Failure.forked.write(to: error) }
  guard handle.beginRun() else { return Failure.busy.write(to: error) }
  defer { handle.endRun() }
  var event = EventWriter.blank
  while true {
    // The agent is free while the host's function runs, so that it can call the others.
    let result = Entry.loop(agent, error, driving: true, run: true) { handle throws(Failure) in
      try handle.wait(milliseconds: -1, into: &event)
    }
    if result == RCML_E_CLOSED.rawValue { return RCML_OK.rawValue }
    if result < 0 { return result }
    if result > 0 { function?(context, agent, &event) }
  }
}

@c @implementation
public func rcml_agent_start(
  _ agent: OpaquePointer?, _ wake: rcml_wake_function?, _ context: UnsafeMutableRawPointer?,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    guard let wake else { throw .missing("The wake function") }
    try handle.start(wake, context: context)
    return RCML_OK.rawValue
  }
}
