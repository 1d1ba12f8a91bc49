import RCMLBasics

/// A party the agent rings, and what it still has to do.
struct ScriptedPhone {
  /// Where it is found: what the agent sends there is for it, and what it says comes from there.
  private(set) var place: Place
  private(set) var invite: PhoneMessage
  /// Told apart by `192.0.2.<n>` in its SDP and by its tag.
  private let number: Int
  private(set) var steps: ArraySlice<ScriptedOutcome.Step>
  /// A step planned before a CANCEL, BYE or new INVITE belongs to another turn.
  private(set) var turn = 0
  private var hasBegun = false
  private var hasDecided = false
  private var nextSequence = 1

  enum Place: Hashable {
    case datagram(SocketAddress)
    case stream(ConnectionID)
  }

  init(place: Place, invite: PhoneMessage, number: Int, steps: [ScriptedOutcome.Step]) {
    self.place = place
    self.invite = invite
    self.number = number
    self.steps = steps[...]
  }

  private var tag: String { "phone\(number)" }
  private var host: String { "192.0.2.\(10 + number % 200)" }
  var isSilent: Bool { steps.first.map { $0.act == .silence || $0.act == .unreachable } ?? true }

  /// It has not said anything to this INVITE.
  var isFresh: Bool { !hasDecided && !hasBegun }
  func trying() -> [UInt8] { PhoneMessage.finish(invite.response(100, tag: tag)) }

  private func contact(_ name: String) -> String { "Contact: <sip:\(name)@\(host)>\r\n" }

  /// What it does next.
  mutating func takeStep() -> ScriptedOutcome.Step? { steps.popFirst() }

  /// 401, 407 and 3xx were answered by another INVITE.
  mutating func calledAgain(_ message: PhoneMessage, at place: Place) {
    invite = message
    self.place = place
    hasBegun = false
    hasDecided = false
    turn += 1
  }

  mutating func respond(_ code: UInt16) -> [UInt8] {
    hasBegun = true
    hasDecided = code >= 200
    var text = invite.response(code, tag: tag)
    if code > 100 && code < 300 { text += contact(tag) }
    if code == 401 || code == 407 {
      text += code == 401 ? "WWW" : "Proxy"
      text +=
        "-Authenticate: Digest realm=\"simulated\", nonce=\"\(tag)\", algorithm=MD5, qop=\"auth\"\r\n"
    }
    if (300...399).contains(code) { text += "Contact: <sip:elsewhere-\(turn)@\(host)>\r\n" }
    let hasSound = code == 183 || (200...299).contains(code)
    return PhoneMessage.finish(text, body: hasSound ? PhoneMessage.sound(at: host) : "")
  }

  /// BYE in the dialog that the INVITE began.
  mutating func hangUp() -> [UInt8] { PhoneMessage.finish(request("BYE")) }

  mutating func press(_ key: UInt8) -> [UInt8] { PhoneMessage.finish(request("INFO"), key: key) }

  private mutating func request(_ method: String) -> String {
    nextSequence += 1
    let to = invite[.to]
    return "\(method) \(invite.contact) SIP/2.0\r\n"
      + "Via: SIP/2.0/\(transport) \(host);branch=z9hG4bK\(tag)x\(nextSequence)\r\n"
      + "Max-Forwards: 70\r\nFrom: \(to)\(invite.hasToTag ? "" : ";tag=" + tag)\r\n"
      + "To: \(invite[.from])\r\nCall-ID: \(invite[.callID])\r\n"
      + "CSeq: \(nextSequence) \(method)\r\n"
  }

  private var transport: String {
    if case .stream = place { return "TCP" }
    return "UDP"
  }

  /// What is said at once to a request that is no first INVITE.
  mutating func answer(_ message: PhoneMessage) -> [[UInt8]] {
    switch message.method {
    case .ack:
      return []
    case .cancel:
      let isLate = hasDecided
      let agreed = PhoneMessage.finish(message.response(200, tag: tag))
      if isLate { return [agreed] }
      steps = []
      turn += 1
      return [agreed, respond(487)]
    case .invite:
      let text = message.response(200, tag: tag) + contact(tag)
      return [PhoneMessage.finish(text, body: PhoneMessage.sound(at: host))]
    case .bye:
      steps = []
      turn += 1
      return [PhoneMessage.finish(message.response(200, tag: tag))]
    case .options, .register, .info, .prack, .update, .refer, .notify, .subscribe, .message,
      .publish, .other:
      return [PhoneMessage.finish(message.response(200, tag: tag))]
    }
  }
}
