import RCMLBasics

/// What one leg knows about challenges: its credentials, what they are bound to, and what they answered (spec A, Q-17).
struct Authentication {
  /// What a 401 or 407 is to the machine.
  enum Assessment {
    case known([Challenge])
    case stale([Challenge])
    case unknown([Challenge])
    case again
    case unanswerable
  }

  /// A request that carried credentials, for its ACK (spec A-7).
  private struct Carried {
    var cseq: UInt32
    var remote: SocketAddress
    var lines: [HeaderLine]
  }

  private struct Given {
    var realm: [UInt8]
    var place: DialledPlace?
    var credentials: Credentials
  }

  var machine = AuthenticationMachine()
  /// What was asked while the host thinks.
  var question: [Challenge] = []
  /// The response that asked, and the addresses of the INVITE it refused, while the host thinks.
  var refusal: Message?
  var candidates: Search?
  /// Where the challenges came from: nobody else is shown their answers.
  var remote: SocketAddress?
  /// The place that the challenged INVITE named.
  var place: DialledPlace?

  private let dialled: DialledPlace?
  private let own: Credentials?
  /// The first realm `own` were used for.
  private var realm: [UInt8]?
  /// By the host, for a realm at one place: elsewhere it may be anybody's.
  private var given: [Given] = []
  private var answers: [ChallengeAnswer] = []
  private var carried: Carried?

  init(dialled uri: [UInt8], credentials: Credentials?) {
    dialled = DialledPlace(uri)
    own = credentials
  }

  /// Does a request for `uri` go where the target's credentials may go?
  func isDialled(_ uri: [UInt8]) -> Bool { dialled != nil && DialledPlace(uri) == dialled }

  /// May an INVITE for `uri` carry the answers? Not after a redirect to another place (spec Q-17).
  func mayCarry(_ uri: [UInt8]) -> Bool { place != nil && DialledPlace(uri) == place }

  private func credentials(for realm: [UInt8], isDialled: Bool) -> Credentials? {
    if let own, isDialled, self.realm == nil || self.realm == realm { return own }
    return given.first { $0.realm == realm && $0.place == place }?.credentials
  }

  /// `carried`: the challenges that the refused request had answered.
  func assess(
    _ challenges: [Challenge], carried: [Challenge], isDialled: Bool
  ) -> Assessment {
    var known: [Challenge] = []
    var unknown: [Challenge] = []
    var isStale = false
    var first: [UInt8]? = realm
    for challenge in challenges {
      let old = carried.first { $0.place == challenge.place && $0.realm == challenge.realm }
      if let old {
        // Failures A1: who asked for SHA-256 does not get MD5 by asking again.
        let isWeaker = challenge.algorithm.hash == .md5 && old.algorithm.hash != .md5
        guard challenge.isStale, challenge.nonce != old.nonce, !isWeaker else { return .again }
        isStale = true
      }
      let isBound = first == nil || first == challenge.realm
      let isGiven = given.contains { $0.realm == challenge.realm && $0.place == place }
      if own != nil && isDialled && isBound || isGiven {
        first = first ?? challenge.realm
        known.append(challenge)
      } else {
        unknown.append(challenge)
      }
    }
    if !known.isEmpty { return isStale ? .stale(known) : .known(known) }
    return unknown.isEmpty ? .unanswerable : .unknown(unknown)
  }

  /// These will be answered from now on.
  mutating func take(
    _ challenges: [Challenge], isDialled: Bool, from remote: SocketAddress,
    random: inout RandomSource
  ) {
    self.remote = remote
    for challenge in challenges {
      guard let credentials = credentials(for: challenge.realm, isDialled: isDialled) else {
        continue
      }
      if own != nil, realm == nil, isDialled { realm = challenge.realm }
      if let index = answers.firstIndex(where: {
        $0.challenge.place == challenge.place && $0.challenge.realm == challenge.realm
      }) {
        answers[index].renew(challenge, random: random.next())
        answers[index].credentials = credentials
      } else if answers.count < Self.answerLimit {
        answers.append(ChallengeAnswer(challenge, credentials, random: random.next()))
      }
    }
  }

  mutating func give(_ credentials: Credentials, for realm: [UInt8]) {
    given.removeAll { $0.realm == realm && $0.place == place }
    given.append(Given(realm: realm, place: place, credentials: credentials))
  }

  /// The lines of one request that goes to `remote`, and the challenges they answer; nothing for anybody else.
  mutating func lines(
    method: Method, cseq: UInt32, uri: [UInt8], body: [UInt8], to remote: SocketAddress
  ) -> (lines: [HeaderLine], answered: [Challenge]) {
    guard !answers.isEmpty, remote == self.remote else { return ([], []) }
    let name = Array(
      UnsafeBufferPointer(start: method.name.utf8Start, count: method.name.utf8CodeUnitCount))
    var lines: [HeaderLine] = []
    var answered: [Challenge] = []
    for index in answers.indices {
      guard let line = answers[index].line(method: name, uri: uri, body: body) else { continue }
      lines.append(line)
      answered.append(answers[index].challenge)
    }
    if method == .invite { carried = Carried(cseq: cseq, remote: remote, lines: lines) }
    return (lines, answered)
  }

  /// What the INVITE with this CSeq carried, for its ACK — if that takes the same way (spec ).
  func acknowledgementLines(cseq: UInt32, to remote: SocketAddress) -> [HeaderLine] {
    guard let carried, carried.cseq == cseq, carried.remote == remote else { return [] }
    return carried.lines
  }

  private static let answerLimit = 8
}
