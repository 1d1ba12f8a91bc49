import RCMLBasics

/// What this user agent can do, as header fields.
extension UserAgent {
  /// Methods answered other than 405. UPDATE and PRACK are served inside sessions.
  static let allowed: StaticString = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK"
  /// In our INVITEs and refreshes (RFC 3262, RFC 4028).
  static let supported: StaticString = "100rel, timer"
  static let accepted: StaticString = "application/sdp"

  /// RFC 3261 §8.2.2.3: what a request requires and we do not do.
  func unsupported(by message: Message) -> [ArraySlice<UInt8>] {
    message.values(of: .require).filter {
      !$0.equalsIgnoringCase("timer") && !$0.equalsIgnoringCase("100rel")
    }
  }

  /// Contact of our requests and dialog-making responses; over TCP it says so (spec Q-22).
  func contact(on path: Path) -> [UInt8] {
    var value = ByteWriter(capacity: 64)
    value.append("<sip:")
    value.append(contactHost(on: path))
    value.append(path.flow.transport == .tcp ? ";transport=tcp>" : ">")
    return value.bytes
  }

  /// A connection of ours has a port nobody listens on: where a TCP listener of the family stands, its port is
  /// shown; where none stands, the peer answers over the connection itself (spec Q-22).
  private func contactHost(on path: Path) -> [UInt8] {
    guard case .stream(let id, let remote) = path.flow, let connection = connections[id],
      let listener = listeners.first(where: {
        $0.transport == .tcp && $0.local.family == remote.family
      })
    else { return path.shown }
    var local = connection.local
    local.port = listener.local.port
    return shownText(of: local)
  }
}
