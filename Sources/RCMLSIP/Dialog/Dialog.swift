import RCMLBasics

/// One dialog (RFC 3261 §12) from our side of it. A forked INVITE of ours has several.
struct Dialog {
  let remoteTag: [UInt8]
  /// The URI of the peer's Contact: it changes with every target refresh (§12.2).
  private(set) var remoteTarget: [UInt8]
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
    remoteTag: [UInt8], remoteTarget: [UInt8], routeSet: [[UInt8]], localCSeq: UInt32,
    remoteCSeq: UInt32? = nil
  ) {
    self.remoteTag = remoteTag
    self.remoteTarget = remoteTarget
    self.routeSet = routeSet
    self.localCSeq = localCSeq
    self.remoteCSeq = remoteCSeq
  }

  /// A message of the peer's names another Contact.
  mutating func move(to target: ArraySlice<UInt8>?) {
    guard let target, !target.elementsEqual(remoteTarget) else { return }
    remoteTarget = Array(target)
  }

  /// Its 2xx has come: the route set is computed anew from that (RFC 3261 §13.2.2.4).
  mutating func confirm(by response: Message) {
    isConfirmed = true
    move(to: response.contact)
    routeSet = response.recordRoutes.prefix(Limits.routes).reversed()
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
    guard let first = routeSet.first else { return (remoteTarget, []) }
    let uri = RouteValue.uri(first)
    if RouteValue.isLoose(uri) { return (remoteTarget, routeSet) }
    let target = [UInt8(ascii: "<")] + remoteTarget + [UInt8(ascii: ">")]
    return (RouteValue.withoutHeaders(uri), Array(routeSet.dropFirst()) + [target])
  }

  /// The URI whose host the next request is sent to (§8.1.2).
  var nextHop: [UInt8] {
    guard let first = routeSet.first else { return remoteTarget }
    return RouteValue.uri(first)
  }

  /// False: out of order, to be answered 500 (§12.2.2). ACK and CANCEL are not asked.
  mutating func accepts(remoteCSeq cseq: UInt32) -> Bool {
    if let last = remoteCSeq, cseq <= last { return false }
    remoteCSeq = cseq
    return true
  }
}
