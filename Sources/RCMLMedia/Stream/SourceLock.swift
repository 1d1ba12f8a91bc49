import RCMLBasics

/// Whose packets are believed (SourceLock.table.md, spec U-67).
///
/// Nobody is believed for ever because they came first: a sender of a better rank displaces one of a worse rank at any
/// time, and another address in the party's description begins the search anew.
struct SourceLock {
  /// What vouches for a sender; a smaller number is worth more.
  enum Rank: UInt8, Comparable {
    /// The address that the last description names.
    case named = 1
    /// Another port of the machine that the signalling came from.
    case signalling
    /// Another port of the named machine.
    case host
    /// Nothing: the party is behind a NAT and a proxy, and there is nobody who could vouch for it.
    case anybody

    static func < (one: Rank, other: Rank) -> Bool { one.rawValue < other.rawValue }
  }

  enum Verdict: Hashable {
    case accepted
    /// Believed from now on: what is sent goes there.
    case moved
    case refused
    /// Refused, and somebody else is believed of whom we know as little: the host is to hear of it, once a description.
    case contested
  }

  enum State: Hashable {
    /// Nobody was heard under this description.
    case waiting
    case believing(SocketAddress, Rank)
    /// The party has named the same address once more, and the one believed has not been heard since.
    case keeping(SocketAddress, Rank)
  }

  /// The last description that names an address, as far as this machine cares.
  private struct Terms: Hashable {
    var named: SocketAddress
    var control: SocketAddress?
    var signalling: SocketAddress?
    var mode: Settings.RTPLock
    /// Nobody needs to be vouched for.
    var takesAnybody: Bool
    var edition: UInt32

    /// nil: it names none.
    init?(_ description: StreamDescription) {
      guard let named = description.remote else { return nil }
      self.named = named
      control = description.control
      signalling = description.sender.signalling
      mode = description.sender.lock
      edition = description.sender.edition
      let isElsewhere = description.sender.signalling.map { !$0.isHost(of: named) } ?? false
      takesAnybody = mode == .any || mode == .once && isElsewhere && named.isOfInnerNetwork
    }

    /// nil: it is nobody.
    func rank(of sender: SocketAddress) -> Rank? {
      if sender == named { return .named }
      guard mode != .off else { return nil }
      if let signalling, signalling.isHost(of: sender) { return .signalling }
      if named.isHost(of: sender) { return .host }
      return takesAnybody ? .anybody : nil
    }
  }

  private struct Former {
    var address: SocketAddress
    var until: Instant
  }

  static let youth = Interval.seconds(2)
  /// Addresses of two descriptions, and whoever was believed under them.
  static let formersLimit = 6

  private(set) var state = State.waiting
  /// The last description names no address: nobody new is looked for.
  private(set) var isNowhere = true
  private var terms: Terms?
  private var formers: [Former] = []
  private var candidates = SourceCandidates()
  private var isContested = false

  /// Whom we believe; what is sent goes there.
  var believed: SocketAddress? {
    switch state {
    case .waiting: nil
    case .believing(let address, _), .keeping(let address, _): address
    }
  }

  // MARK: signalling

  mutating func describe(_ description: StreamDescription, at now: Instant) {
    guard let terms = Terms(description) else {
      isNowhere = true
      return candidates.forget()
    }
    let before = self.terms
    self.terms = terms
    isNowhere = false
    if let before, before.named == terms.named {
      keep(isNew: before.edition != terms.edition)
    } else {
      if let before { retire(before, at: now) }
      state = .waiting
      candidates.forget()
      isContested = false
    }
  }

  /// The same address once more. Whoever was believed under it stays; but the door is open for another port of a machine
  /// that is vouched for, if the one believed is silent from now on: its NAT may have moved it.
  private mutating func keep(isNew: Bool) {
    guard let address = believed else { return }
    guard let rank = terms?.rank(of: address) else {
      state = .waiting
      return candidates.forget()
    }
    if isNew { isContested = false }
    let isKept: Bool
    switch state {
    case .waiting: return
    case .keeping: isKept = true
    case .believing: isKept = isNew
    }
    state = isKept && rank != .named ? .keeping(address, rank) : .believing(address, rank)
  }

  private mutating func retire(_ terms: Terms, at now: Instant) {
    formers.removeAll { $0.until <= now }
    for address in [terms.named, terms.control, believed] {
      guard let address, !formers.contains(where: { $0.address == address && $0.until > now })
      else { continue }
      if formers.count == SourceLock.formersLimit { formers.removeFirst() }
      formers.append(Former(address: address, until: now + SourceLock.youth))
    }
  }

  // MARK: packets

  /// Every packet passes here: the one that is believed costs a comparison.
  @inline(__always)
  mutating func judge(_ from: SocketAddress, _ header: RTPHeader, at now: Instant) -> Verdict {
    if case .believing(let address, _) = state, address == from { return .accepted }
    return judgeOther(from, header, at: now)
  }

  @inline(never)
  private mutating func judgeOther(
    _ from: SocketAddress, _ header: RTPHeader, at now: Instant
  ) -> Verdict {
    if case .keeping(from, let rank) = state {
      state = .believing(from, rank)
      return .accepted
    }
    guard let rank = terms?.rank(of: from) else { return .refused }
    if rank == .named { return move(to: from, rank) }
    guard !isNowhere, !isFormer(from, at: now) else { return .refused }
    let mayMove: Bool
    switch state {
    case .waiting: mayMove = true
    case .believing(_, let held): mayMove = rank < held
    // Where nobody is vouched for nobody has more right than the one before.
    case .keeping(_, let held): mayMove = rank < held || rank == held && rank != .anybody
    }
    guard mayMove || isSecond(rank) else { return .refused }
    guard candidates.proves(from, rank, header, at: now) else { return .refused }
    if mayMove { return move(to: from, rank) }
    isContested = true
    return .contested
  }

  private mutating func move(to address: SocketAddress, _ rank: Rank) -> Verdict {
    state = .believing(address, rank)
    candidates.forget()
    return .moved
  }

  /// Like the one believed there is nobody to vouch for it, and nobody was told yet.
  private func isSecond(_ rank: Rank) -> Bool {
    guard rank == .anybody, !isContested else { return false }
    switch state {
    case .waiting: return false
    case .believing(_, let held), .keeping(_, let held): return held == .anybody
    }
  }

  /// Named or believed under another address, not long ago, and not named now.
  private func isFormer(_ address: SocketAddress, at now: Instant) -> Bool {
    address != terms?.control && formers.contains { $0.address == address && $0.until > now }
  }

  /// Whatever it says, it is the party who says it.
  func isParty(_ address: SocketAddress) -> Bool {
    address == believed || address == terms?.named
  }

  /// RTCP comes from a port of its own, but not from another machine.
  func believesControl(_ from: SocketAddress, at now: Instant) -> Bool {
    (believed?.isHost(of: from) ?? false) && !isFormer(from, at: now)
  }

  /// Nobody was heard yet, and it is the machine that the description names.
  func expectsControl(_ from: SocketAddress, at now: Instant) -> Bool {
    guard let terms, state == .waiting else { return believesControl(from, at: now) }
    return terms.named.isHost(of: from) && !isFormer(from, at: now)
  }
}
