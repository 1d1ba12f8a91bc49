import RCMLBasics

/// One INVITE session: its machine, its dialogs, and what is needed to write the next request of it.
final class Session {
  enum Machine {
    case outgoing(OutgoingInviteMachine)
    case incoming(IncomingInviteMachine)
  }

  let id: SessionID
  /// The random half of our tag.
  let random: UInt64
  let localTag: [UInt8]
  let callID: [UInt8]
  var machine: Machine

  /// The value of our From in requests (with our tag), and the peer's To without its tag.
  var localParty: [UInt8]
  var remoteParty: [UInt8]

  /// Dialogs in the order in which they appeared; an incoming session has one.
  var dialogs: [Dialog] = []
  /// The dialog that is the leg: the first 2xx made it (F-9).
  var leg: Int?

  /// Our INVITE as asked for, until it has its final response.
  var invite: OutgoingInvite?
  var inviteCSeq: UInt32 = 0
  /// The URI that was dialled, the address that was found for it, and who we are there: nobody else sees the
  /// credentials.
  var dialled: [UInt8] = []
  var dialledRemote: SocketAddress?
  var credentials: Credentials?
  /// Since the first challenge.
  var authentication: Authentication?
  /// Since the first 3xx that is followed.
  var redirection: Redirection?
  /// Our INVITE's transaction, to be cancelled or abandoned.
  var inviteTransaction: UInt64?
  /// The INVITE that is waiting for its address or connection.
  var attempt: UInt64?
  /// The peer's INVITE.
  var inviteServer: ServerTransaction?
  /// The way the peer's INVITE came, for Contact.
  var path: Path?

  /// Reason values for CANCEL or BYE (F-8).
  var reasons: [[UInt8]] = []
  /// 64·T1 after the CANCEL (§9.1).
  var cancelWait: Instant?

  /// Since the first provisional response of ours that wants a PRACK.
  var provisionals: ReliableProvisionals?

  /// Our 200 to the caller's INVITE, until its ACK; and the one to a re-INVITE, which may come before that ACK
  /// (RFC 5407 §3.1.4: each is repeated for itself).
  var repetition: AnswerRepetition?
  var offerRepetition: AnswerRepetition?

  var offers = OfferMachine()
  /// An offer of ours that waits for another exchange to end.
  var heldOffer: [UInt8]?
  /// The offer of ours that is under way, for its second try after a glare.
  var sentOffer: [UInt8] = []
  /// Its transaction, and 64·T1 after its CANCEL (§9.1).
  var offerTransaction: UInt64?
  var offerCancelWait: Instant?
  var glareTries = 0
  var glareAt: Instant?
  /// The peer's re-INVITE or UPDATE that waits for our word.
  var offerServer: ServerTransaction?
  /// The dialog it came in, and, of an UPDATE before the 2xx, what the peer is from then on.
  var offerDialog = 0
  var earlyOffer: [UInt8] = []

  /// Session timers (RFC 4028): the interval agreed, who asks, and the least that a 422 has named.
  var timer = SessionTimer()
  var interval: SessionInterval?
  var leastInterval: UInt32 = 0
  /// The peer's Allow names UPDATE.
  var takesUpdate = false
  /// What we last described ourselves as, for a refresh by re-INVITE.
  var localDescription: [UInt8] = []
  /// What we describe are streams of our own; 0.0.0.0 in it stands for our address on the session's way (spec T-5).
  var placesMedia = false
  /// The held offer, and the one under way, only refresh the session: nobody above asked for them.
  var isHeldRefresh = false
  var isSentRefresh = false

  /// The other end of the call, while both are joined.
  var passesTo: SessionID?

  /// REFER is taken, and the CSeq of the one that has no final word yet (its subscription's id).
  var takesRefer = false
  var refer: UInt32?

  /// Transactions of ours that still name this session, and those of the peer inside its dialogs.
  var openTransactions = 0
  var serverTransactions = 0
  var isEnded = false
  var queuedAt: Instant?

  init(
    id: SessionID, random: UInt64, localTag: [UInt8], callID: [UInt8], machine: Machine,
    localParty: [UInt8], remoteParty: [UInt8]
  ) {
    self.id = id
    self.random = random
    self.localTag = localTag
    self.callID = callID
    self.machine = machine
    self.localParty = localParty
    self.remoteParty = remoteParty
  }

  var nextDeadline: Deadline? {
    var next: Deadline?
    func consider(_ deadline: Deadline?) {
      guard let deadline else { return }
      if let current = next, current <= deadline { return }
      next = deadline
    }
    if let cancelWait { consider(Deadline(cancelWait, .cancelWait)) }
    if let glareAt { consider(Deadline(glareAt, .glare)) }
    consider(timer.nextDeadline)
    consider(provisionals?.machine.nextDeadline)
    consider(repetition?.nextDeadline)
    consider(offerRepetition?.nextDeadline)
    if let offerCancelWait { consider(Deadline(offerCancelWait, .cancelWait)) }
    return next
  }

  var isOutgoing: Bool {
    switch machine {
    case .outgoing: true
    case .incoming: false
    }
  }

  /// Offers may be exchanged.
  var takesOffers: Bool {
    switch machine {
    case .outgoing(let machine): machine.isConfirmed
    case .incoming(let machine): machine.isAnswered
    }
  }

  /// Accepted, and our 2xx waits for a PRACK.
  var isAccepting: Bool {
    switch machine {
    case .outgoing: false
    case .incoming(let machine): machine.isAccepting
    }
  }

  func dialog(withRemoteTag tag: ArraySlice<UInt8>) -> Int? {
    dialogs.firstIndex { $0.remoteTag.elementsEqual(tag) }
  }
}
