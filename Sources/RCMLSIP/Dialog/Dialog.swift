import RCMLBasics

/// One dialog (RFC 3261 §12) from our side of it. A forked INVITE of ours has several.
struct Dialog {
  let remoteTag: [UInt8]
  /// Where the peer is: it changes with every target refresh (§12.2).
  private(set) var target: RemoteTarget
  /// Route values in the order in which our requests take them (§12.1). It never changes once confirmed.
  private(set) var routeSet: [[UInt8]]
  /// The CSeq of our last request.
  var localCSeq: UInt32
  /// The CSeq of the peer's last request; nil before its first.
  private var remoteCSeq: UInt32?
  private(set) var isConfirmed = false
  /// The RSeq of the last reliable provisional response, and the SDP that came with one: the answer, which the 2xx
  /// need not repeat (RFC 3262 §4, §5).
  var remoteRSeq: UInt32?
  var reliableBody: [UInt8] = []
  /// An UPDATE before the 2xx has replaced that: what a later response repeats is no news (RFC 3311 §5.1).
  private(set) var isUpdated = false
  private var acknowledgements = Acknowledgements()
  /// A BYE that overtook the 2xx of its own dialog (spec §18.7, race 20).
  var earlyBye: Message?
  /// Where the last request went: the next goes there too while target and routes stay.
  var path: Path?

  init(
    remoteTag: [UInt8], target: RemoteTarget, routeSet: [[UInt8]], localCSeq: UInt32,
    remoteCSeq: UInt32? = nil
  ) {
    self.remoteTag = remoteTag
    self.target = target
    self.routeSet = routeSet
    self.localCSeq = localCSeq
    self.remoteCSeq = remoteCSeq
  }

  /// A message of the peer's names another Contact, or came by another way.
  mutating func move(to target: RemoteTarget?) {
    guard let target, target != self.target else { return }
    self.target = target
    if routeSet.isEmpty { path = nil }
  }

  /// Its 2xx has come: the route set is computed anew from that (RFC 3261 §13.2.2.4).
  mutating func confirm(by response: Message, at target: RemoteTarget?) {
    isConfirmed = true
    let routes: [[UInt8]] = response.recordRoutes.prefix(Limits.routes).reversed()
    if routes != routeSet {
      routeSet = routes
      path = nil
    }
    move(to: target)
  }

  /// An UPDATE before the 2xx was answered.
  mutating func update(_ body: [UInt8]) {
    reliableBody = body
    isUpdated = true
  }

  func acknowledgement(of cseq: UInt32) -> Acknowledgements.One? { acknowledgements[cseq] }

  mutating func keep(acknowledgement bytes: [UInt8], of cseq: UInt32, over path: Path) {
    acknowledgements.keep((cseq, bytes, path))
  }

  /// RFC 3261 §12.2.1.1: a first route without `lr` is a strict router: it becomes the Request-URI, and the target
  /// goes to the end of the routes.
  var requestURIAndRoutes: (uri: [UInt8], routes: [[UInt8]]) {
    guard let first = routeSet.first else { return (target.uri, []) }
    let uri = RouteValue.uri(first)
    if RouteValue.isLoose(uri) { return (target.uri, routeSet) }
    let target = [UInt8(ascii: "<")] + target.uri + [UInt8(ascii: ">")]
    return (RouteValue.withoutHeaders(uri), Array(routeSet.dropFirst()) + [target])
  }

  /// The URI whose host the next request is sent to (§8.1.2).
  var nextHop: [UInt8] {
    guard let first = routeSet.first else { return target.uri }
    return RouteValue.uri(first)
  }

  /// The way to the peer where its URI does not lead to it; nil = there is a Route, or it does.
  var way: Path? { routeSet.isEmpty ? target.way : nil }

  /// False: out of order, to be answered 500 (§12.2.2). ACK and CANCEL are not asked.
  mutating func accepts(remoteCSeq cseq: UInt32) -> Bool {
    if let last = remoteCSeq, cseq <= last { return false }
    remoteCSeq = cseq
    return true
  }
}
