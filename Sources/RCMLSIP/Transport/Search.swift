import RCMLBasics

/// The way to one URI, as far as it has been found (RFC 3263, spec T-2): kept by whoever sends, for the day the address
/// that was found is of no use.
final class Search {
  let number: UInt64
  var location: ServerLocation
  private(set) var candidates: [Candidate]
  /// The candidate whose turn it is.
  private(set) var next: Int
  /// Why the last candidate was no use; nil = there was none yet.
  private(set) var failure: Reason?
  /// About how large the request will be.
  let size: Int
  /// The way that the request's dialog lives on: its listener is the one to send from where others are as good, and its
  /// stream is taken where no UDP listener of the family stands. nil = an INVITE.
  let home: Path?
  /// While names are looked up: when that has taken too long.
  private(set) var lookupEnd: Instant?
  private var lookupFailure = ReasonCode.nameUnknown

  init(number: UInt64, location: ServerLocation, size: Int, home: Path?) {
    self.number = number
    self.location = location
    self.size = size
    self.home = home
    candidates = []
    next = 0
  }

  /// The addresses of `other` once more, from one of them on.
  init(number: UInt64, again other: Search, from next: Int, size: Int) {
    self.number = number
    location = other.location
    candidates = other.candidates
    self.next = next
    self.size = size
    home = other.home
    failure = other.failure
  }

  var homeListener: ListenerID? {
    if case .datagram(let listener, _)? = home?.flow { listener } else { nil }
  }

  var candidate: Candidate? { next < candidates.count ? candidates[next] : nil }

  /// Another target may still be asked for its addresses (spec T-2: within 10 tries).
  var hasMoreTargets: Bool {
    location.hasMoreTargets && candidates.count < Limits.candidates
  }

  /// Is there any place behind the one that was tried?
  var hasMore: Bool { next + 1 < candidates.count || hasMoreTargets }

  /// False: nothing that was not known already.
  func add(_ addresses: [SocketAddress]) -> Bool {
    let known = candidates.count
    for address in addresses where candidates.count < Limits.candidates {
      var address = address
      address.port = location.targetPort
      // The same place twice, under whatever names, is tried once.
      let isKnown = candidates.contains {
        $0.address == address && $0.transport == location.transport
      }
      guard !isKnown else { continue }
      candidates.append(
        Candidate(
          transport: location.transport, address: address,
          isTransportFixed: location.namedTransport != nil))
    }
    return candidates.count > known
  }

  /// The candidate whose turn it is cannot be had.
  func skip(because code: ReasonCode) {
    if let candidate { failure = Reason(code, at: candidate.text) }
    next += 1
  }

  /// Too large for a datagram, and nobody said UDP: TCP first, then UDP.
  func putStreamFirst(at address: SocketAddress) {
    candidates[next].isTransportFixed = true
    candidates.insert(
      Candidate(transport: .tcp, address: address, isTransportFixed: true), at: next)
  }

  /// The server that was asked last has said no: it is not asked over UDP what was too large for that.
  func leaveServer() {
    while next + 1 < candidates.count, candidates[next + 1].address == candidates[next].address {
      next += 1
    }
  }

  /// What went to the last candidate has failed.
  func failed(because reason: Reason) { failure = reason }

  /// The last question about names led nowhere.
  func nothingFound(because code: ReasonCode) { lookupFailure = code }

  /// Why there is no way.
  var reason: Reason {
    if let failure { return failure }
    let host = String(decoding: location.host, as: UTF8.self)
    return Reason(lookupFailure, at: host)
  }

  // MARK: - The limit of all lookups between two tries

  /// The limit, if it begins now.
  func beginLookup(at now: Instant) -> Deadline? {
    guard lookupEnd == nil else { return nil }
    let deadline = Deadline(now + Limits.resolution, .resolution)
    lookupEnd = deadline.instant
    return deadline
  }

  func endLookup() { lookupEnd = nil }
}

/// What became of a search so far.
enum SearchOutcome {
  case found(Path, Search)
  /// A name, a route or a connection is awaited; the rest comes as an event.
  case waiting(Search)
  case failed(Reason)
}
