import RCMLBasics

/// What the transactions tell the session layer.
enum TransactionEvent {
  // Of our requests; the path is the one the response came by.
  case provisional(ClientTransaction, Message, Path)
  /// A 2xx to an INVITE; each repetition and each fork's comes again.
  case answered(ClientTransaction, Message, Path)
  /// 300 or above to an INVITE; it has its ACK.
  case rejected(ClientTransaction, Message)
  /// The final response to another request.
  case finished(ClientTransaction, Message, Path)
  case timedOut(ClientTransaction)
  case transportFailed(ClientTransaction, NetworkFailure)
  /// Nothing is left of it; the last event.
  case ended(ClientTransaction)

  // Of the peers' requests.
  /// Neither a repetition, nor an ACK, nor the CANCEL of an INVITE we know.
  case request(ArrivedRequest)
  /// An ACK; `owner`: whose 2xx its transaction names, nil = its tags must tell.
  case acknowledgement(Message, owner: UInt64?)
  /// The CANCEL of this INVITE.
  case cancelled(ServerTransaction, by: ArrivedRequest)
  /// A request inside a dialog of this owner is forgotten.
  case forgotten(owner: UInt64, octets: Int)
}

/// A request that has no transaction yet.
struct ArrivedRequest {
  var message: Message
  /// What its transaction will be known by.
  var key: KeyedHash.Digest
  var path: Path
  /// The address of ours it was sent to.
  var local: SocketAddress
  /// It has waited too long for its turn to begin a call (spec Y-9).
  var isOverdue = false
}
