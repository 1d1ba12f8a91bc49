import RCMLBasics

/// Our INVITE on its way to an answer: where it is now, where it may go next, and what it may show there.
final class InviteAttempt {
  private enum Stage {
    /// The host is asked, or it has its final response.
    case idle
    /// A way is looked for.
    case searching(Search)
    case sent(Sent)
  }

  private struct Sent {
    let transaction: UInt64
    /// Its other addresses, should this one fail.
    var search: Search?
    /// A provisional response above 100 came: there is no going elsewhere any more.
    var hasProgressed = false
  }

  /// As asked for, until it has its final response.
  private(set) var invite: OutgoingInvite?
  private(set) var cseq: UInt32 = 1
  /// The URI that was dialled, the address that was found for it, and who we are there: nobody else sees the
  /// credentials.
  private(set) var dialled: [UInt8]
  private(set) var dialledRemote: SocketAddress?
  private(set) var credentials: Credentials?
  /// Since the first challenge.
  var authentication: Authentication?
  /// Since the first 3xx that is followed.
  var redirection: Redirection?
  /// Why the last challenge was not answered; nil = each was.
  private(set) var obstacle: ReasonCode?
  private var stage = Stage.idle
  private var storm = ProvisionalStorm()
  /// 64·T1 after the CANCEL (§9.1).
  private(set) var cancelEnd: Instant?

  init(_ invite: OutgoingInvite) {
    self.invite = invite
    dialled = invite.target
    credentials = invite.credentials
  }

  // MARK: - Where it is

  func searching(_ search: Search) { stage = .searching(search) }

  func sent(_ transaction: UInt64, by search: Search?, at remote: SocketAddress) {
    stage = .sent(Sent(transaction: transaction, search: search))
  }

  func pause() { stage = .idle }

  func ended(_ transaction: UInt64) {
    if case .sent(let sent) = stage, sent.transaction == transaction { stage = .idle }
  }

  /// The search nobody needs any more.
  var search: Search? { if case .searching(let search) = stage { search } else { nil } }

  /// Our INVITE's transaction, to be cancelled or abandoned.
  var transaction: UInt64? { if case .sent(let sent) = stage { sent.transaction } else { nil } }

  /// The other addresses of the INVITE that is out.
  var otherAddresses: Search? { if case .sent(let sent) = stage { sent.search } else { nil } }

  var hasProgressed: Bool { if case .sent(let sent) = stage { sent.hasProgressed } else { false } }

  func progressed() {
    guard case .sent(var sent) = stage else { return }
    sent.hasProgressed = true
    stage = .sent(sent)
  }

  /// False: too many provisional responses came for anybody to hear of each.
  func admitsProvisional(at now: Instant) -> Bool { storm.admits(at: now) }

  func forgetOtherAddresses() {
    guard case .sent(var sent) = stage else { return }
    sent.search = nil
    stage = .sent(sent)
  }

  // MARK: - Where it goes next

  /// The same INVITE once more, or to another URI.
  func again(to uri: [UInt8]? = nil) {
    cseq &+= 1
    if let uri { invite?.target = uri }
  }

  /// The host's own word: these are for the place it names.
  func redial(_ uri: [UInt8], _ credentials: Credentials) {
    dialled = uri
    self.credentials = credentials
    invite?.credentials = credentials
    authentication = nil
  }

  /// after a redirect to another place there is none that may see the credentials.
  func goes(to uri: [UInt8], at remote: SocketAddress) {
    let isDialled = uri == dialled || DialledPlace(uri) == DialledPlace(dialled)
    dialledRemote = isDialled ? remote : nil
  }

  /// A challenge cannot be answered.
  func meet(_ obstacle: ReasonCode) { self.obstacle = obstacle }

  // MARK: - The end

  func cancelled(at now: Instant) { cancelEnd = now + TransactionTimers.t64 }
  func stopCancelWait() { cancelEnd = nil }

  func end() {
    invite = nil
    authentication?.candidates = nil
    authentication?.refusal = nil
    redirection = nil
    cancelEnd = nil
  }
}
