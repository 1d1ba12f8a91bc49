import RCMLBasics

/// A telephone of the simulated world: reads and writes SIP in its own way, follows its script, repeats what is
/// not answered. It touches nothing: what it wants done stands in `outbox`.
package final class Phone {
  enum Role {
    case caller(CallerScript)
    case callee(CalleeScript)
  }

  struct Sending {
    var bytes: [UInt8]
    var link: Link
    var interval: Interval
    /// An interval never grows beyond this; 0 = it does.
    var longest: Interval
    var rest: Interval
  }

  let name: String
  let host: String
  let address: SocketAddress
  let role: Role
  var dice: Dice
  var outbox: [PhoneAction] = []
  var calls: [PhoneCall] = []
  var sendings: [Int: Sending] = [:]
  var nextSending = 0
  var isGone = false
  /// A provisional response to our INVITE came.
  var hasProvisional = false
  var cancelTries = 0
  /// Challenges that were said: by Call-ID how many, by branch which.
  var rounds: [[UInt8]: Int] = [:]
  var challenged: [[UInt8]: [UInt8]] = [:]
  /// The repetition of our CANCEL.
  var cancelling: Int?
  /// nil = it has no voice: its descriptions are about nothing.
  var voice: VoiceScript?
  var sounds: [SoundKey: Sound] = [:]
  /// nil = it is as phones were at first.
  var extras: PhoneExtras?
  /// nil = its messages hold a description or nothing.
  var bodies: BodyScript?
  var isOnStream = false
  /// nil = it is where it says.
  var nat: PhoneNAT?
  var described: [SoundKey: Described] = [:]
  var answersGiven = 0
  /// Branches of re-INVITEs that get no answer.
  var ignored: Set<[UInt8]> = []
  /// Those it thinks about, by branch, and how many there were.
  var considered: [[UInt8]: Considered] = [:]
  var thoughts = 0
  /// Branches of our re-INVITEs without SDP, and of those that may still be cancelled.
  var emptyOffers: Set<[UInt8]> = []
  var openOffers: [[UInt8]: SipText] = [:]
  var provisionals: Set<[UInt8]> = []
  /// ACKs that hold an answer, by the branch of their INVITE.
  var answeredInAck: [[UInt8]: [UInt8]] = [:]
  /// The agent, as this phone addresses it.
  let agentURI: [UInt8]
  /// Drop what was learned about finished requests after this many.
  static let memory = 64

  init(name: String, host: String, address: SocketAddress, role: Role, dice: Dice) {
    self.name = name
    self.host = host
    self.address = address
    self.role = role
    self.dice = dice
    agentURI = Array("sip:service@\(World.agentHost):5060".utf8)
  }

  var isCaller: Bool {
    if case .caller = role { return true }
    return false
  }

  func wake(_ timer: PhoneTimer, after milliseconds: Int) {
    outbox.append(.wake(after: .milliseconds(milliseconds), timer))
  }

  func token() -> [UInt8] {
    var writer = ByteWriter(capacity: 16)
    writer.appendHex(dice.next())
    return writer.finish()
  }

  // Repetition.

  /// Sends now and again by the RFC's clock until `stop`. A stream needs no repetition, except of a 2xx
  /// (RFC 3261 §13.3.1.4).
  @discardableResult
  func repeatedly(
    _ bytes: [UInt8], over link: Link, longest: Interval, alsoOnStream: Bool = false
  ) -> Int? {
    outbox.append(.send(bytes, over: link))
    guard !link.isStream || alsoOnStream else { return nil }
    let id = nextSending
    nextSending += 1
    sendings[id] = Sending(
      bytes: bytes, link: link, interval: .milliseconds(500), longest: longest,
      rest: .seconds(32))
    wake(.resend(sending: id), after: 500)
    return id
  }

  func stop(_ id: Int?) {
    if let id { sendings[id] = nil }
  }

  private func resend(_ id: Int) {
    guard var sending = sendings[id] else { return }
    sending.rest = Interval(
      nanoseconds: sending.rest.nanoseconds - sending.interval.nanoseconds)
    guard sending.rest > .zero else {
      sendings[id] = nil
      return
    }
    outbox.append(.send(sending.bytes, over: sending.link))
    let doubled = sending.interval * 2
    sending.interval =
      sending.longest > .zero && doubled > sending.longest ? sending.longest : doubled
    sendings[id] = sending
    outbox.append(.wake(after: sending.interval, .resend(sending: id)))
  }

  // What happens to it.

  func fired(_ timer: PhoneTimer) {
    guard !isGone else { return }
    switch timer {
    case .step(let call, let index): takeStep(index, of: call)
    case .resend(let id): resend(id)
    case .answerLate(let call): answer(call, fork: 0, code: 200, body: .good)
    case .hangUp(let call, let dialog): hangUp(call, dialog)
    case .offerAgain(let call, let dialog): offerAgain(call, dialog)
    case .start: startCall()
    case .cancel: cancelCall()
    case .vanish: vanish()
    case .reoffer(let key, let change): reoffer(key, change)
    case .press(let key, let place): press(key, place)
    case .extraOffer(let call, let dialog, let place): extraOffer(call, dialog, place)
    case .cancelOffer(let call, let branch): cancelOffer(call, branch)
    case .extraKey(let call, let dialog, let place): extraKey(call, dialog, place)
    case .decide(let branch): decide(branch)
    case .rebind(let call, let dialog): rebind(call, dialog)
    }
  }

  func vanish() {
    isGone = true
    sendings = [:]
  }

  func received(_ message: SipText, over link: Link) {
    guard !isGone else { return }
    guard let method = message.method else { return receivedResponse(message, over: link) }
    let call = calls.firstIndex { $0.callID == message.callID }
    // A request that comes again gets the same answer again (RFC 3261 §17.2).
    if method != .ack, let call, let said = calls[call].said[key(message)] {
      outbox.append(.send(said, over: link))
      return
    }
    switch method {
    case .invite: receivedInvite(message, call, over: link)
    case .ack: receivedAck(message, call)
    case .cancel: receivedCancel(message, call, over: link)
    case .bye: receivedBye(message, call, over: link)
    case .options, .info, .update, .prack, .other:
      reply(200, to: message, call, over: link)
    }
  }

  private func key(_ message: SipText) -> [UInt8] {
    message.branch + [UInt8(truncatingIfNeeded: message.sequenceMethod.hashValueOfName)]
  }

  /// Answers a request other than an initial INVITE.
  func reply(_ code: Int, to request: SipText, _ call: Int?, over link: Link, body: [UInt8] = []) {
    var writer = SipWriter(response: code, to: request, toTag: token())
    if !body.isEmpty { writer.header("Contact", contact(over: link)) }
    let bytes = writer.finished(body: body)
    outbox.append(.send(bytes, over: link))
    remember(bytes, request, call)
  }

  func remember(_ bytes: [UInt8], _ request: SipText, _ call: Int?) {
    guard let call else { return }
    if calls[call].said.count >= Phone.memory { calls[call].said = [:] }
    calls[call].said[key(request)] = bytes
  }

  func contact(over link: Link) -> String {
    "<sip:\(name)@\(ownHost):5060\(link.isStream ? ";transport=tcp" : "")>"
  }

  func via(over link: Link, branch: [UInt8]) -> String {
    "SIP/2.0/\(link.isStream ? "TCP" : "UDP") \(ownHost):5060;rport;branch="
      + String(decoding: branch, as: UTF8.self)
  }

  func newBranch() -> [UInt8] { Array("z9hG4bK".utf8) + token() }

  /// Of a call that is about to begin.
  func session() -> [UInt8] {
    description(SoundKey(call: calls.count, fork: 0), version: 1)
  }

  // In dialogs, either role.

  private func receivedAck(_ message: SipText, _ call: Int?) {
    guard let call else { return }
    if let index = calls[call].dialog(local: message.toTag) {
      stop(calls[call].dialogs[index].answer)
      calls[call].dialogs[index].answer = nil
      if !calls[call].dialogs[index].isAcknowledged {
        calls[call].dialogs[index].isAcknowledged = true
        acknowledged(call, index)
      }
    } else {
      stop(calls[call].refusal)
      calls[call].refusal = nil
    }
  }

  private func receivedBye(_ message: SipText, _ call: Int?, over link: Link) {
    guard let call, let index = calls[call].dialog(local: message.toTag) else {
      return reply(481, to: message, call, over: link)
    }
    if challengesInDialog(message, call, over: link) { return }
    calls[call].dialogs[index].isOver = true
    stop(calls[call].dialogs[index].answer)
    reply(200, to: message, call, over: link)
  }

  /// A request inside a dialog, without Content-Length yet.
  func request(
    _ method: SipText.Method, _ call: Int, _ dialog: Int, branch: [UInt8], sequence: UInt32
  ) -> SipWriter {
    let usage = calls[call]
    let one = usage.dialogs[dialog]
    var writer = SipWriter(request: method, uri: one.target)
    writer.header("Via", via(over: usage.link, branch: branch))
    writer.header("Max-Forwards", "70")
    let (ours, theirs) =
      isCaller ? (usage.invite.from, usage.invite.to) : (usage.invite.to, usage.invite.from)
    let local = Array(usage.invite.bytes[usage.invite.address(in: ours)])
    let remote = Array(usage.invite.bytes[usage.invite.address(in: theirs)])
    writer.header("From", party(local, one.localTag))
    writer.header("To", party(remote, one.remoteTag))
    writer.header("Call-ID", usage.callID)
    writer.header("CSeq", "\(sequence) \(method.rawValue)")
    return writer
  }

  private func party(_ uri: [UInt8], _ tag: [UInt8]) -> [UInt8] {
    [60] + uri + Array(">;tag=".utf8) + tag
  }

  func hangUp(_ call: Int, _ dialog: Int) {
    guard !calls[call].dialogs[dialog].isOver else { return }
    calls[call].dialogs[dialog].isOver = true
    calls[call].dialogs[dialog].sequence += 1
    stop(calls[call].dialogs[dialog].answer)
    var bye = request(
      .bye, call, dialog, branch: newBranch(), sequence: calls[call].dialogs[dialog].sequence)
    addReason(&bye)
    track(repeatedly(finished(bye), over: calls[call].link, longest: .seconds(4)), call, bye)
  }

  func offerAgain(_ call: Int, _ dialog: Int) {
    guard !calls[call].dialogs[dialog].isOver else { return }
    calls[call].dialogs[dialog].sequence += 1
    var invite = request(
      .invite, call, dialog, branch: newBranch(), sequence: calls[call].dialogs[dialog].sequence)
    invite.header("Contact", contact(over: calls[call].link))
    let bytes = finished(invite, body: description(soundKey(call, dialog), version: 2))
    track(repeatedly(bytes, over: calls[call].link, longest: .zero), call, invite)
  }

  /// Which repetition ends when a response with this branch comes.
  var waiting: [[UInt8]: Int] = [:]

  func track(_ id: Int?, _ call: Int, _ writer: SipWriter) {
    guard let id, let message = SipText(writer.finished()) else { return }
    waiting[message.branch] = id
  }

  func answerToOffer() -> Int {
    if let code = extraAnswer() { return code }
    if case .callee(let script) = role { return script.answerToOffer }
    return 200
  }
}

extension SipText.Method {
  /// One octet that tells methods apart.
  var hashValueOfName: Int {
    switch self {
    case .invite: return 1
    case .ack: return 2
    case .bye: return 3
    case .cancel: return 4
    case .options: return 5
    case .info: return 6
    case .update: return 7
    case .other: return 8
    case .prack: return 9
    }
  }
}
