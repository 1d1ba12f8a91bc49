import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia

/// One thing that a journal tells, before anybody knows where its column stands.
struct LadderEntry {
  /// Who stands at the other end of an arrow.
  enum Peer: Hashable {
    case sip(callID: [UInt8])
    case web(ExchangeID)
  }

  /// What went along an arrow.
  enum Load {
    /// A SIP message; `place`: where its peer is, `udp:192.0.2.1:5060`.
    case message([UInt8], place: String)
    /// What is asked of the web, or of the host for a `host:` URL.
    case request(method: String, url: String, headers: [HeaderLine], body: [UInt8])
    case reply(status: UInt16, type: String, location: String, body: [UInt8])
    /// There was no answer.
    case failure(String)
    /// Nobody waits for the answer any more.
    case abort
  }

  struct Arrow {
    var peer: Peer
    var isSent: Bool
    /// From the longest to the shortest way to say it.
    var labels: [String]
    var isRepeated = false
    var load: Load
  }

  /// What a note is about.
  enum Topic {
    /// What became of a leg, a Dial, a recording: what the host is told.
    case event
    case finding(Finding)
    /// What somebody hears, presses, or is recorded.
    case sound
    /// What the host does, or is asked.
    case host
    /// A document that the host gave: its text.
    case document([UInt8])
    /// What the journal says of itself.
    case journal
    /// A message that was refused, outside of calls.
    case refusal
    case verb(RunVerb)
    case reception(Party, StreamReception)
  }

  enum Content {
    case arrow(Arrow)
    /// Something the agent says or is told, drawn beside its column.
    case note(Topic, String)
  }

  var instant: Instant
  /// What the calendar said; 0 = the journal does not know it yet.
  var unixMicroseconds: Int64
  /// Known at once for what names its call; arrows find theirs by their peer.
  var call: CallNumber?
  var content: Content

  /// Ladders have no line for it: it is for pages.
  var isForPagesOnly: Bool {
    guard case .note(let topic, _) = content else { return false }
    switch topic {
    case .document, .verb, .reception: return true
    case .event, .finding, .sound, .host, .journal, .refusal: return false
    }
  }
}
