import CTLS
import RCMLBasics

/// TLS of one connection: octets of the wire on one side, plain ones on the other. It touches no socket.
final class SecureStream {
  enum State {
    /// More has to come from the peer.
    case goesOn
    case open
    /// The peer says no more.
    case ended
    case failed
  }

  private let session: OpaquePointer

  init(_ session: OpaquePointer) { self.session = session }

  deinit { tls_session_destroy(session) }

  /// What came from the peer; to be read before it is gone.
  func receive(_ bytes: UnsafeRawBufferPointer) {
    tls_session_receive(session, bytes.baseAddress, bytes.count)
  }

  /// Goes on with the handshake.
  func shake() -> State { State(tls_session_shake(session)) }

  /// The next plain octets of what came; 0 = no more, and the state says why.
  func read(into room: UnsafeMutableRawBufferPointer) -> (count: Int, state: State) {
    var state: Int32 = 0
    let count = tls_session_read(session, room.baseAddress, room.count, &state)
    return (min(count, room.count), State(state))
  }

  /// False: it has failed.
  func write(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { tls_session_write(session, $0.baseAddress, $0.count) }
  }

  /// We say no more.
  func finish() { tls_session_finish(session) }

  /// Hands on what is to be sent to the peer, if there is anything.
  func takeOutput(_ take: (UnsafeRawBufferPointer) -> Void) {
    var bytes: UnsafeRawPointer?
    let count = tls_session_output(session, &bytes)
    guard count > 0 else { return }
    take(UnsafeRawBufferPointer(start: bytes, count: count))
    tls_session_output_taken(session)
  }

  /// Who the peer proved to be, with commas between the names; empty = nobody (spec T-8).
  var peerNames: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 1_024) { room, count in
      count = min(tls_session_peer(session, room.baseAddress, room.count), room.count)
    }
  }

  var isResumed: Bool { tls_session_is_resumed(session) }

  var failure: NetworkFailure {
    switch Int(tls_session_failure(session)) {
    case TLS_WHY_NOT_TLS: .notTLS
    case TLS_WHY_VERSION: .tlsVersion
    case TLS_WHY_REFUSED: .tlsRefused
    case TLS_WHY_MISSING: .certificateMissing
    case TLS_WHY_TOO_LARGE: .certificateTooLarge
    case TLS_WHY_EXPIRED: .certificateExpired
    case TLS_WHY_NOT_YET: .certificateNotYetValid
    case TLS_WHY_NAME: .certificateName
    case TLS_WHY_SELF_SIGNED: .certificateSelfSigned
    case TLS_WHY_UNKNOWN_ISSUER: .certificateIssuerUnknown
    case TLS_WHY_ISSUER: .certificateIssuerUnfit
    case TLS_WHY_USAGE: .certificateUsage
    case TLS_WHY_REVOKED: .certificateRevoked
    case TLS_WHY_UNCHECKED: .certificateUnchecked
    case TLS_WHY_WEAK: .certificateWeak
    case TLS_WHY_BROKEN: .certificateBroken
    default: .tlsFailed  // numbers, not cases
    }
  }
}

extension SecureStream.State {
  fileprivate init(_ number: Int32) {
    switch Int(number) {
    case TLS_GOES_ON: self = .goesOn
    case TLS_OPEN: self = .open
    case TLS_ENDED: self = .ended
    default: self = .failed  // numbers, not cases
    }
  }
}
