import RCMLBasics

/// The settings of spec §16 that this room reads.
struct UserAgentSettings: Sendable {
  struct Redirects: Sendable {
    var followed = 0
    var areAsked = false
  }

  /// How much there may be; 0 = any number, of returns none.
  struct Bounds: Sendable {
    /// `max_calls` and `max_calls_per_source` (Y-9).
    var calls = 0
    var callsPerSource = 0
    /// `max_connections` and `max_connections_per_address` (Y-12).
    var connections = 10_000
    var connectionsPerAddress = 0
    /// `max_returns`: an INVITE of ours that comes back more often gets 482 (Y-6).
    var returns = 1

    init(_ settings: Settings) {
      calls = settings.maxCalls
      callsPerSource = settings.maxCallsPerSource
      connections = settings.maxConnections
      connectionsPerAddress = settings.maxConnectionsPerAddress
      returns = settings.maxReturns
    }

    init() {}
  }

  /// User-Agent and Server; empty = none is sent.
  var userAgent = Array(Product.token.utf8)
  /// `transport_log`, `hep`: every message in and out is told.
  var tellsMessages = false
  /// T-5: host that Via and Contact show instead of the local address; empty = none.
  var publicAddress: [UInt8] = []
  /// U-64: who is reached where its message came from, and how often its way is kept open; zero = never.
  var rewriteContact = Settings.RewriteContact.inner
  var keepalive = Interval.zero
  /// T-4: SIP URI every INVITE goes to, as a Route; empty = none.
  var outboundProxy: [UInt8] = []
  /// T-2: NAPTR is asked where the URI leaves the transport open.
  var asksPointers = false
  /// `ask_credentials`: who has none for a challenge may ask the host.
  var asksCredentials = false
  /// `follow_redirects`: contacts of 3xx responses tried for one INVITE (U-30), and whether the host is asked about
  /// each (`ask_targets`, Y-3).
  var redirects = Redirects()
  /// `session_expires` in seconds; 0 = we ask for no session timer (U-24).
  var sessionExpires: UInt32 = 0
  var bounds = Bounds()
  /// `require_auth`: callers who do not know these get 401.
  var required: Credentials?

  init(_ settings: Settings) {
    userAgent = Array(settings.product.utf8)
    tellsMessages = settings.transportLog || !settings.hep.isEmpty
    asksCredentials = settings.askCredentials
    let expires = settings.sessionExpires.wholeSeconds
    sessionExpires = expires == 0 ? 0 : SessionInterval(seconds: UInt32(clamping: expires)).seconds
    redirects.followed = settings.followRedirects
    redirects.areAsked = settings.askTargets == .all
    required = settings.requireAuth.flatMap { pair in
      let parts = pair.exposed.split(
        separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { return nil }
      return Credentials(username: String(parts[0]), password: String(parts[1]))
    }
    bounds = Bounds(settings)
    asksPointers = settings.naptr
    rewriteContact = settings.rewriteContact
    keepalive = settings.keepalive
    publicAddress = Array(settings.publicAddress.utf8)
    outboundProxy = Array(settings.outboundProxy.utf8)
  }

  init() {}
}
