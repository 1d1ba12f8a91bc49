/// A checked document: everything in it is within its limits and every default is filled in.
public struct Document: Hashable, Sendable {
  public var verbs: [Verb]
  /// The URL it was finally fetched from, empty = none (spec G-18).
  public var url: String
  public var origin: DocumentOrigin

  public init(verbs: [Verb], url: String, origin: DocumentOrigin = .inside) {
    self.verbs = verbs
    self.url = url
    self.origin = origin
  }
}

/// A verb and where it stands.
public struct Verb: Hashable, Sendable {
  public var kind: Kind
  public var line: Int
  public var column: Int

  public init(_ kind: Kind, line: Int, column: Int) {
    self.kind = kind
    self.line = line
    self.column = column
  }

  public enum Kind: Hashable, Sendable {
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
  public var name: String {
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

public enum HTTPMethod: String, Hashable, Sendable {
  case get = "GET"
  case post = "POST"
}
