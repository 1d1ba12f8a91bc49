import RCMLBasics

/// Asks callers who they are, and checks what they answer (RFC 7616 §3.3, §3.4, RFC 3261 §22.2).
///
/// A challenge leaves nothing behind here: its nonce carries when it was made, its number, and a keyed hash that nobody
/// else can make. Of nonces that were used rightly the counts are remembered (`NonceCounts`), so that an answer
/// somebody overheard works for nobody (failures A3).
struct CallerAuthentication: Sendable {
  enum Verdict: UInt8, Sendable {
    case accepted = 1
    /// No credentials for our realm.
    case missing
    /// The right password with a nonce that is too old, not ours, or used up.
    case stale
    case wrong
  }

  static let realm = Array("rcml".utf8)
  /// How long a nonce may be answered (failures A3).
  static let lifetime = Interval.seconds(30)
  private static let algorithms: [DigestAlgorithm.Hash] = [.sha256, .md5]

  private let key: (UInt64, UInt64)
  private var counts = NonceCounts(lifetime: lifetime)
  /// Verdicts a replay has read ahead: its journal shows neither password nor answer.
  var foreseen: [Verdict] = []

  init(key: (UInt64, UInt64)) { self.key = key }

  // MARK: - Nonces

  mutating func makeNonce(at now: Instant) -> [UInt8] {
    nonce(made: now.nanoseconds, counts.nextNumber(at: now))
  }

  private func nonce(made: UInt64, _ number: UInt64) -> [UInt8] {
    var writer = ByteWriter(capacity: 48)
    writer.appendHex(made)
    writer.appendHex(number)
    writer.appendHex(seal(made, number))
    return writer.finish()
  }

  private func seal(_ made: UInt64, _ number: UInt64) -> UInt64 {
    var hash = KeyedHash(key: key)
    var numbers = (made, number)
    withUnsafeBytes(of: &numbers) { hash.combine($0) }
    return hash.digest().high
  }

  /// The number of a nonce we made that may still be answered; nil otherwise.
  private func number(of nonce: [UInt8], at now: Instant) -> UInt64? {
    guard nonce.count == 48, let made = Self.hex(nonce[..<16]),
      let number = Self.hex(nonce[16..<32]),
      Digest.areEqual(nonce, self.nonce(made: made, number)),
      made <= now.nanoseconds, now.nanoseconds - made <= UInt64(Self.lifetime.nanoseconds)
    else { return nil }
    return number
  }

  private static func hex(_ digits: ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for digit in digits {
      guard let nibble = digit.hexValue else { return nil }
      value = value << 4 | UInt64(nibble)
    }
    return value
  }

  /// What a 401 asks, strongest first (RFC 8760 §2.4). `plain`: the oldest kind alone, where room is short.
  static func challenges(_ nonce: [UInt8], isStale: Bool, plain: Bool) -> [[UInt8]] {
    let asked = plain ? [DigestAlgorithm.Hash.md5] : algorithms
    return asked.map { hash in
      var writer = ByteWriter(capacity: 160)
      writer.append("Digest realm=")
      writer.append(quoted: realm)
      writer.append(", nonce=")
      writer.append(quoted: nonce)
      writer.append(", algorithm=")
      writer.append(DigestAlgorithm(hash).name)
      writer.append(", qop=\"auth\"")
      if isStale { writer.append(", stale=true") }
      return writer.finish()
    }
  }

  // MARK: - Answers

  /// The URI in the answer is what is hashed, and it may be another than the Request-URI: proxies on the way change
  /// that (RFC 3261 §22.4).
  mutating func judge(
    _ message: Message, _ credentials: Credentials, at now: Instant
  ) -> Verdict {
    if !foreseen.isEmpty { return foreseen.removeFirst() }
    for field in message.values(of: .authorization) {
      for value in AuthenticationValue.read(field) where value[.realm] == Self.realm {
        return judge(value, message, credentials, at: now)
      }
    }
    return .missing
  }

  private mutating func judge(
    _ value: AuthenticationValue, _ message: Message, _ credentials: Credentials, at now: Instant
  ) -> Verdict {
    guard !value.isBroken, let username = value[.username], let nonce = value[.nonce],
      let uri = value[.uri], let response = value[.response]
    else { return .wrong }
    let algorithm = value[.algorithm].map { DigestAlgorithm($0[...]) } ?? DigestAlgorithm(.md5)
    guard let algorithm, Self.algorithms.contains(algorithm.hash), !algorithm.isSession else {
      return .wrong
    }
    let isProtected = value[.qop] != nil
    guard value[.qop]?[...].equalsIgnoringCase("auth") ?? true else { return .wrong }
    let digits = value[.nc] ?? []
    guard let count = isProtected ? Self.hex(digits[...]) : 1, count > 0, digits.count <= 8
    else { return .wrong }
    let computation = DigestComputation(
      algorithm: algorithm, quality: isProtected ? .auth : .none, realm: Self.realm, nonce: nonce,
      cnonce: value[.cnonce] ?? [], count: digits)
    let method = message.method.name
    let expected = computation.response(
      credentials,
      method: Array(UnsafeBufferPointer(start: method.utf8Start, count: method.utf8CodeUnitCount)),
      uri: uri, body: [])
    let isNamed = Digest.areEqual(username, credentials.username.exposed)
    let isAnswered =
      expected.map { Digest.areEqual($0, response.map { $0.lowercased }) } ?? false
    guard isNamed, isAnswered else { return .wrong }
    guard let number = number(of: nonce, at: now),
      counts.use(number, UInt32(truncatingIfNeeded: count), at: now)
    else { return .stale }
    return .accepted
  }
}
