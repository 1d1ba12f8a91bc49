/// A checked document: everything in it is within its limits and every default is filled in.
package struct Document: Hashable, Sendable {
  package var verbs: [Verb]
  /// The URL it was finally fetched from, empty = none (spec G-18).
  package var url: String
  package var origin: DocumentOrigin

  package init(verbs: [Verb], url: String, origin: DocumentOrigin = .inside) {
    self.verbs = verbs
    self.url = url
    self.origin = origin
  }
}

/// A verb and where it stands.
package struct Verb: Hashable, Sendable {
  package var kind: Kind
  package var line: Int
  package var column: Int

  package init(_ kind: Kind, line: Int, column: Int) {
    self.kind = kind
    self.line = line
    self.column = column
  }

  package enum Kind: Hashable, Sendable {
    case dial(Dial)
    case say(Say)
    case play(Play)
    case pause(Pause)
    case gather(Gather)
    case record(Record)
    case redirect(Redirect)
    case reject(Reject)
    case hangup
    /// Only the host may know it.
    case foreign(ForeignVerb)
  }

  /// As it is written.
  package var name: String {
    switch kind {
    case .dial: "Dial"
    case .say: "Say"
    case .play: "Play"
    case .pause: "Pause"
    case .gather: "Gather"
    case .record: "Record"
    case .redirect: "Redirect"
    case .reject: "Reject"
    case .hangup: "Hangup"
    case .foreign(let verb): verb.name
    }
  }
}

package enum HTTPMethod: String, Hashable, Sendable {
  case get = "GET"
  case post = "POST"
}
