import RCMLBasics

/// One line of a ladder before anybody knows where its columns stand.
struct LadderEntry {
  /// Who stands at the other end of an arrow.
  enum Peer: Hashable {
    case sip(callID: [UInt8])
    case web(ExchangeID)
  }

  enum Content {
    case arrow(Peer, isSent: Bool, labels: [String], isRepeated: Bool)
    /// Something the agent says or is told, drawn beside its column.
    case note(String)
  }

  var instant: Instant
  /// Known at once for what names its call; arrows find theirs by their peer.
  var call: CallNumber?
  var content: Content
}
