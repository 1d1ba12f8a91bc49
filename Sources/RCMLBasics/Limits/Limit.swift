/// What refuses something when there is no more room for it (spec Y-13): by the name of its setting or, where it has none,
/// by what is full.
public enum Limit: String, CaseIterable, Sendable {
  case calls = "max_calls"
  case callsOfSource = "max_calls_per_source"
  case memory = "max_memory"
  case overload
  case connections = "max_connections"
  case connectionsOfAddress = "max_connections_per_address"
  case webTurns = "web-turns"
  /// Those of the process, of which some are kept for media.
  case descriptors
  case callDuration = "max_call_duration"
  case documentsOfCall = "max_documents_per_call"
  case returns = "max_returns"
  case breadth = "max_breadth"

  /// What it refused, for one and for more.
  private var refused: (one: String, more: String) {
    switch self {
    case .calls, .callsOfSource, .memory, .overload, .returns: ("call was", "calls were")
    case .connections, .connectionsOfAddress, .descriptors: ("connection was", "connections were")
    case .webTurns: ("web request was", "web requests were")
    case .callDuration: ("longer call was", "longer calls were")
    case .documentsOfCall: ("document was", "documents were")
    case .breadth: ("leg was", "legs were")
    }
  }

  /// For people: `17 calls were refused: max_calls are under way`.
  public func sentence(_ count: UInt64) -> String {
    "\(count) \(count == 1 ? refused.one : refused.more) refused: \(reason)"
  }

  private var reason: String {
    switch self {
    case .calls: "max_calls are under way"
    case .callsOfSource: "their sources have max_calls_per_source under way"
    case .memory: "max_memory is used up"
    case .overload: "what came before them waits for too long already"
    case .connections: "max_connections are open"
    case .descriptors: "what the process may still open is kept for the media of calls (ulimit -n)"
    case .connectionsOfAddress: "their addresses have max_connections_per_address open"
    case .callDuration: "they have lasted max_call_duration"
    case .documentsOfCall: "their calls have run max_documents_per_call"
    case .returns: "they came back to us more often than max_returns"
    case .breadth: "their callers' Max-Breadth is used up"
    case .webTurns: "their turn did not come in time, as many as may run at once were under way"
    }
  }
}
