import RCMLBasics

extension UserAgent {
  /// Where the session's signalling comes from: the caller's INVITE did, or ours went there and its responses come from
  /// there (spec U-67). Nil: there was none yet, or the session is no more.
  package func peer(of id: SessionID) -> SocketAddress? {
    sessions[id]?.path?.flow.remote
  }
}
