// swift-format-ignore-file: AlwaysUseLowerCamelCase
// The names are those of rcml.h.

import CRCML
import RCMLReactor

@c @implementation
public func rcml_agent_counters(
  _ agent: OpaquePointer?, _ counters: UnsafeMutablePointer<rcml_counters>?
) -> Int32 {
  Entry.loop(agent) { handle throws(Failure) in
    guard let counters else { throw .missing("The counters struct") }
    guard SizedStruct.write(try handle.counters(), to: counters) else {
      throw Failure(RCML_E_ARGUMENT, "The counters were not set up with RCML_COUNTERS_INIT.")
    }
    return RCML_OK.rawValue
  }
}

@c @implementation
public func rcml_agent_metrics(
  _ agent: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int
) -> Int32 {
  Entry.loop(agent) { handle throws(Failure) in
    guard size == 0 || buffer != nil else { throw .missing("The buffer") }
    guard size >= 0 else { throw Failure(RCML_E_ARGUMENT, "The size is no size.") }
    let text = MetricsText.write(try handle.counters())
    if let buffer, size > 0 {
      let count = min(text.count, size - 1)
      text.withUnsafeBytes {
        if let base = $0.baseAddress {
          UnsafeMutableRawPointer(buffer).copyMemory(from: base, byteCount: count)
        }
      }
      buffer[count] = 0
    }
    return Int32(clamping: text.count)
  }
}

extension AgentHandle {
  fileprivate func counters() throws(Failure) -> rcml_counters {
    try with { reactor throws(ReactorError) in CounterValues.read(try reactor.countEverything()) }
  }
}
