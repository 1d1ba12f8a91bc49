/// A world simple enough to be told in advance: what a document says, and what everybody will do.
package struct Plan: Sendable {
  package indirect enum Verb: Sendable {
    case pause(seconds: Int)
    case dial(Dial)
    case hangup
    case reject(busy: Bool)
    case redirect(String)

    package var isDial: Bool { if case .dial = self { true } else { false } }
  }

  package struct Dial: Sendable {
    package var timeout = 30
    package var timeLimit: Int?
    package var isSequential = false
    package var firstAnswerWins = false
    package var action: String?
    package var targets: [Target] = []
  }

  package struct Target: Sendable {
    /// nil = a URI nobody can dial.
    package var callee: Int?
    package var screening: String?
    package var limit = 60
    /// Names of the events subscribed to; nil = no callbacks.
    package var events: [String]?
    package var callback = ""
  }

  package struct Page: Sendable {
    /// nil = the server says 404.
    package var verbs: [Verb]?
    package var delay: Int
  }

  /// What one callee does with every INVITE; milliseconds from the INVITE.
  package struct Callee: Sendable {
    package var provisional: (at: Int, code: Int)?
    package var final: (at: Int, code: Int, isUsable: Bool)?
    /// BYE so long after the ACK.
    package var hangsUpAfter: Int?
  }

  package var document: [Verb] = []
  package var pages: [String: Page] = [:]
  package var callees: [Callee] = []
  package var cancelsAfter: Int?
  package var hangsUpAfter: Int?

  package init() {}
}

/// Something that can be seen from outside, and when (milliseconds from the caller's INVITE).
package struct SeenEffect: Hashable, Sendable {
  package var at: Int
  package var text: String
}
