import RCMLBasics

/// Everything that is decided before a run begins: who is there, what they do, which documents there are.
package struct Scenario: Sendable {
  package struct Callee: Sendable {
    package var script: CalleeScript
    package var usesStream: Bool
    /// Dialled by name, so that a lookup comes first.
    package var isNamed: Bool
  }

  /// How documents reach the agent.
  package enum Serving: Sendable {
    case defaultText(String)
    case defaultURL(String)
    /// The host runs this document so many milliseconds after the call came in.
    case host(String, after: Int)
  }

  package enum HostAct: Sendable {
    case hangUp, endDial, drain, stop
    /// As if the caller had pressed this key.
    case digit(UInt8)
  }

  package var faults = Faults()
  package var callers: [CallerScript] = []
  package var callees: [Callee] = []
  package var serving = Serving.defaultText("<Response/>")
  package var pages: [String: WebReply] = [:]
  package var settings: [(name: String, value: String)] = []
  /// What the host does by itself, and when, in milliseconds.
  package var hostActs: [(after: Int, act: HostAct)] = []
  /// The shortest `Dial timeout` in its documents, in seconds.
  package var shortestTimeout = 600
  package var everyDialHasAction = true
  package var screens = false
  /// One Dial without action, and nothing after it.
  package var isPlain = false
  /// The caller takes no sound that we could make, and the first Dial has to speak or to listen (L-49).
  package var callerHearsNothing = false
  /// Every Dial has hangupOnStar: no called party is ever told of a `*`.
  package var starEndsEveryDial = false
  /// Callees each of whose nouns has a `statusCallback` for `completed`.
  package var calledBack: Set<String> = []
  /// Datagrams from strangers, and when, in milliseconds.
  package var noise: [(after: Int, bytes: [UInt8])] = []

  /// nil = nobody has a voice, and what is sent to the phones is not looked at.
  package var sound: SoundScenario?

  /// nil = the host has no parties of its own.
  package var hostParties: HostPartyScenario?

  /// nil = a world as worlds were at first.
  package var extras: Extras?

  package init() {}

  package static func calleeURI(_ index: Int, _ callee: Callee) -> String {
    // A name alone: its server is to be located (T-2).
    let host = callee.isNamed ? "callee\(index).example" : World.calleeHost(index) + ":5060"
    return "sip:callee\(index)@\(host)" + (callee.usesStream ? ";transport=tcp" : "")
  }
}
