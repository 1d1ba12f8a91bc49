import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLSIP

/// How calls begin.
extension Agent {
  /// How long an incoming call waits for the host to take it.
  static let hostPatience = Interval.seconds(30)

  func incoming(_ session: SessionID, _ invite: IncomingInvite, at now: Instant) {
    let isLate = invite.body.isEmpty && settings.media != .direct && settings.lateOffer == .accept
    guard isLate || SessionDescription.isUsable(invite.body) else {
      return refuseOffer(of: session, invite, at: now)
    }
    let number = makeCallNumber()
    let caller = CallerIdentity.caller(
      of: invite, sid: CallSid(from: &random), settings: settings)
    var call = Call(
      phase: .waiting(until: now + Agent.hostPatience), caller: caller, session: session,
      media: DirectMedia(origin: makeOrigin(), address: invite.local),
      // Nobody's phone can be told where another one is before it has said so itself (spec L-6).
      mode: isLate ? .anchored : settings.media)
    call.media.callerSent(invite.body)
    call.assertedIdentity = CallerIdentity.asserted(by: invite)
    owners[session] = CallOwner(call: number, party: .caller)
    calls[number] = call
    tally.callsIncoming &+= 1
    journal?.name(.call(number, sid: caller.sid, callID: invite.callID))
    if let document = defaultDocument {
      run(document, on: number, at: now)
    } else {
      tell(.onCall(number, .incoming(caller.sid, from: caller.from, to: caller.to)))
      reschedule(number)
    }
  }

  /// Phone-to-phone media needs the caller's offer first (spec L-6).
  private func refuseOffer(of session: SessionID, _ invite: IncomingInvite, at now: Instant) {
    let isMissing = invite.body.isEmpty
    let code: UInt16 = isMissing ? 400 : 488
    let phrase = isMissing ? "SDP Offer Required" : "Not Acceptable Here"
    userAgent.reject(session, code: code, phrase: Array(phrase.utf8), headers: [], at: now)
    let text =
      isMissing
      ? "INVITE without an SDP offer: the media of this call goes from phone to phone and needs one."
      : "INVITE with an SDP offer that cannot be read or holds no media."
    tell(.refused(text, code: code, from: invite.source))
  }

  /// The document takes the call over.
  func run(_ document: DocumentSource, on number: CallNumber, at now: Instant) {
    guard var caller = calls[number]?.caller else { return }
    if !isRunning(number) {
      caller.isAnswered = calls[number]?.isAnswered ?? false
      caller.answeredAt = calls[number]?.answeredAt
      let machine = CallMachine(
        caller: caller, settings: settings, wall: wall, random: random.split())
      calls[number]?.phase = .running(machine)
    }
    pending.append(.run(document), for: number)
  }

  /// A caller of `call` answered.
  func callerAnswered(_ number: CallNumber, _ body: [UInt8], at now: Instant) {
    guard case .calling(let document) = calls[number]?.phase else { return }
    calls[number]?.answeredAt = now
    changeMedia(of: number, at: now) { $0.callerAnswered(body, &$1) }
    tell(.onCall(number, .answered))
    run(document, on: number, at: now)
  }

  /// A final response to a call that no document runs on.
  func refuse(_ number: CallNumber, code: UInt16, phrase: String, at now: Instant) {
    guard let session = calls[number]?.session else { return }
    rejectLine(session, code: code, phrase: Array(phrase.utf8), at: now)
    end(number, status: LegMachine.status(of: code), code: code, side: .host, at: now)
  }

  func makeCallNumber() -> CallNumber {
    defer { nextCall += 1 }
    return CallNumber(nextCall)
  }

  /// An `o=` session id: 62 bits, so that no reader of 64 signed ones stumbles.
  func makeOrigin() -> UInt64 { random.next() >> 2 }
}
