import RCMLBasics

/// Whether one more call may come in (spec Y-9). A call counts from its INVITE to its last event, whatever answers it got.
final class CallAdmission {
  private var count = 0
  /// By their address, whatever the port.
  private var bySource: [SocketAddress: Int] = [:]
  private var isMemoryFull = false

  func memoryIs(full: Bool) { isMemoryFull = full }

  func callBegan(of source: SocketAddress) {
    count += 1
    bySource[source.withoutPort, default: 0] += 1
  }

  func callEnded(of source: SocketAddress) {
    count -= 1
    let key = source.withoutPort
    guard let calls = bySource[key] else { return }
    bySource[key] = calls > 1 ? calls - 1 : nil
  }

  /// Nil: it may.
  func refusal(of source: SocketAddress, _ settings: UserAgentSettings) -> Refusal? {
    if isMemoryFull { return Refusal(503, "no memory for a call", .retryAfter, by: .memory) }
    if settings.maxCalls > 0, count >= settings.maxCalls {
      return Refusal(503, "too many calls", .retryAfter, by: .calls)
    }
    let limit = settings.maxCallsPerSource
    guard limit > 0, bySource[source.withoutPort] ?? 0 >= limit else { return nil }
    return Refusal(503, "too many calls of one source", .retryAfter, by: .callsOfSource)
  }
}

extension SocketAddress {
  /// Whose it is, whichever of its ports.
  var withoutPort: SocketAddress {
    var address = self
    address.port = 0
    return address
  }
}
