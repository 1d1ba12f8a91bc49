import RCMLBasics

/// One INVITE session. Its machine says what may happen; its parts know, each for itself, how far they are. Session/README.md
/// is its page.
final class Session {
  enum Machine {
    case outgoing(OutgoingInviteMachine)
    case incoming(IncomingInviteMachine)
  }

  let identity: SessionIdentity
  private(set) var machine: Machine
  /// Of a session that we open.
  let attempt: InviteAttempt?
  /// Of a session that a peer opened.
  let answer: InviteAnswer?
  var dialogs: DialogSet
  var offers = OfferExchange()
  var refresh = SessionRefresh()
  var refer = ReferTask()
  var description: LocalDescription
  var life = SessionLife()
  /// The other end of the call, while both are joined.
  private(set) var partner: SessionID?
  /// Reason values for CANCEL or BYE (F-8).
  private(set) var reasons: [[UInt8]] = []
  init(_ identity: SessionIdentity, attempt: InviteAttempt, placesMedia: Bool) {
    self.identity = identity
    self.attempt = attempt
    answer = nil
    machine = .outgoing(OutgoingInviteMachine())
    dialogs = DialogSet()
    description = LocalDescription(isPlaced: placesMedia)
  }

  init(_ identity: SessionIdentity, answer: InviteAnswer, dialog: Dialog) {
    self.identity = identity
    self.answer = answer
    attempt = nil
    machine = .incoming(IncomingInviteMachine())
    dialogs = DialogSet(leg: dialog)
    description = LocalDescription(isPlaced: false)
  }

  var id: SessionID { identity.id }
  var leg: Int? { dialogs.leg }
  var isOutgoing: Bool { attempt != nil }

  var path: Path? { dialogs.path }
  func join(_ partner: SessionID?) { self.partner = partner }
  func say(_ reasons: [[UInt8]]) { self.reasons = reasons }

  // MARK: - The machine

  func outgoingInput(
    _ input: (inout OutgoingInviteMachine) -> EffectList<OutgoingInviteMachine.Effect>
  ) -> EffectList<OutgoingInviteMachine.Effect> {
    guard case .outgoing(var machine) = machine else { return .none }
    let effects = input(&machine)
    self.machine = .outgoing(machine)
    return effects
  }

  func incomingInput(
    _ input: (inout IncomingInviteMachine) -> EffectList<IncomingInviteMachine.Effect>
  ) -> EffectList<IncomingInviteMachine.Effect> {
    guard case .incoming(var machine) = machine else { return .none }
    let effects = input(&machine)
    self.machine = .incoming(machine)
    return effects
  }

  /// Offers may be exchanged.
  var takesOffers: Bool {
    switch machine {
    case .outgoing(let machine): machine.isConfirmed
    case .incoming(let machine): machine.isAnswered
    }
  }

  /// Where a request that offers nothing may go: the leg's dialog, and before the 2xx the early one, if it is the only
  /// one (RFC 3261 §12.2.1, RFC 6086 §4.2); nil = nowhere.
  var openDialog: Int? {
    switch machine {
    case .outgoing(let machine):
      machine.isConfirmed ? leg : machine.isProceeding ? dialogs.only : nil
    case .incoming(let machine):
      machine.isRinging || machine.isAccepting || machine.isAnswered ? leg : nil
    }
  }

  /// Accepted, and our 2xx waits for a PRACK.
  var isAccepting: Bool {
    switch machine {
    case .outgoing: false
    case .incoming(let machine): machine.isAccepting
    }
  }

  /// Our INVITE is out and may go out again.
  var isCalling: Bool {
    if case .outgoing(let machine) = machine { machine.isCalling } else { false }
  }

  /// A request of ours is still of use: after our BYE nothing of the session is (RFC 3261 §15.1.1).
  func wants(_ purpose: SentRequest.Purpose) -> Bool {
    switch purpose {
    case .invite, .cancel, .bye, .reliable, .notify: true
    case .offer, .refresh, .passed: openDialog != nil
    }
  }

  /// Somebody still wants our INVITE.
  var isWanted: Bool {
    if case .outgoing(let machine) = machine {
      machine.isCalling || machine.isLocating
    } else {
      false
    }
  }

  var isGivenUp: Bool {
    if case .outgoing(let machine) = machine { machine.isGivenUp } else { false }
  }

  /// The first exchange of a dialog is over before its 2xx: the INVITE's offer was answered in a reliable response
  /// whose PRACK has come (RFC 3311 §5.1, spec U-56).
  func hasEarlyAnswer(in dialog: Int) -> Bool {
    switch machine {
    case .outgoing(let machine):
      // An offerless INVITE of ours got an offer there.
      machine.isProceeding && description.isSent && !dialogs[dialog].reliableBody.isEmpty
    case .incoming(let machine): machine.isRinging && answer?.isAnswerAcknowledged == true
    }
  }

  // MARK: - Time

  var nextDeadline: Deadline? {
    var next: Deadline?
    func consider(_ deadline: Deadline?) {
      guard let deadline else { return }
      if let current = next, current <= deadline { return }
      next = deadline
    }
    if let end = attempt?.cancelEnd { consider(Deadline(end, .cancelWait)) }
    if let next = dialogs.keepalive.next { consider(Deadline(next, .keepalive)) }
    consider(refresh.nextDeadline)
    consider(answer?.nextDeadline)
    consider(offers.nextDeadline)
    return next
  }
}
