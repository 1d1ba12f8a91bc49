import RCMLBasics

/// All of SIP behind one value: listeners and streams in, INVITE sessions out (spec U, T).
///
/// Feed it what the network said, ask it for what a call needs, then take its effects with `nextEffect()`
/// until there are none, and call `timePassed` at `nextDeadline`.
package struct UserAgent {
  var settings: UserAgentSettings
  var random: RandomSource
  /// What branches and tags are mixed with.
  let secret: UInt64
  /// What keys of the wire are hashed with.
  let hashKey: (UInt64, UInt64)
  var isDraining = false
  /// Who may call, where that is asked.
  var callers: CallerAuthentication

  var listeners: [Listener] = []
  var connections: [ConnectionID: Connection] = [:]
  var connectionsByRemote: [SocketAddress: ConnectionID] = [:]
  var nextConnection: UInt64 = 2
  /// The address we are seen under, by destination: for listeners bound to the wildcard.
  var routes: [SocketAddress: SocketAddress] = [:]
  /// Requests that wait for a route.
  var routeWaiters: [SocketAddress: [UInt64]] = [:]

  var sessions = SlotTable<Session>()
  var outbounds = SlotTable<Outbound>()
  var clients = SlotTable<ClientTransaction>()
  var servers = SlotTable<ServerTransaction>()
  var serversByKey: [KeyedHash.Digest: UInt64] = [:]
  var mergeKeys: [KeyedHash.Digest: UInt64] = [:]
  /// Client transactions by the address their datagrams went to, for ICMP errors.
  var clientsByDestination: [SocketAddress: [UInt64]] = [:]

  var deadlines = DeadlineQueue<UInt64>()
  package internal(set) var counters = UserAgentCounters()
  private var effects: [UserAgentEffect] = []
  private var nextEffectIndex = 0

  package init(random: RandomSource, settings: Settings) {
    var random = random
    secret = random.next()
    hashKey = (random.next(), random.next())
    callers = CallerAuthentication(key: hashKey)
    self.random = random
    self.settings = UserAgentSettings(settings)
  }

  /// Settings changed: they hold for what begins from now on.
  package mutating func apply(_ settings: Settings) { self.settings = UserAgentSettings(settings) }

  /// 128 random bits (failures T8).
  package mutating func makeCallID() -> [UInt8] {
    var writer = ByteWriter(capacity: 32)
    writer.appendHex(random.next())
    writer.appendHex(random.next())
    return writer.bytes
  }

  /// New INVITEs get 503 from now on (spec Q-6).
  package mutating func drain() { isDraining = true }

  package mutating func nextEffect() -> UserAgentEffect? {
    guard nextEffectIndex < effects.count else {
      if nextEffectIndex > 0 {
        effects.removeAll(keepingCapacity: effects.count <= 1024)
        nextEffectIndex = 0
      }
      return nil
    }
    defer { nextEffectIndex += 1 }
    return effects[nextEffectIndex]
  }

  mutating func add(_ effect: UserAgentEffect) { effects.append(effect) }

  mutating func tell(_ session: Session, _ event: SessionEvent) {
    effects.append(.session(session.id, event))
  }

  /// Sessions, transactions and streams still held; all zero when nothing is left (invariant I-S6).
  package var census: Census {
    var census = Census()
    census.sessions = sessions.count
    census.transactions = clients.count + servers.count + outbounds.count
    census.streams = connections.count
    return census
  }

  package struct Census: Hashable, Sendable {
    package var sessions = 0
    package var transactions = 0
    package var streams = 0
    package init() {}
  }
}
