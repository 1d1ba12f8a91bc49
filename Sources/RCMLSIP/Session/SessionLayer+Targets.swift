import RCMLBasics

/// Where the peers of sessions are reached (Dialog/RemoteTarget.table.md, spec U-64), and what keeps the way to them open.
extension SessionLayer {
  /// What a message says of where its sender is; nil: it has no Contact.
  func target(in message: Message, over path: Path, isRouted: Bool) -> RemoteTarget? {
    message.contact.map {
      RemoteTarget($0, over: path, isRouted: isRouted, rewriting: settings.rewriteContact)
    }
  }

  /// The same of a response to a request inside a dialog, or to our INVITE, whose response makes the route set.
  func target(
    in response: Message, to client: ClientTransaction, _ purpose: SentRequest.Purpose,
    over path: Path
  ) -> RemoteTarget? {
    let isRouted =
      if case .invite = purpose { response.value(of: .recordRoute) != nil } else {
        !client.head.routes.isEmpty
      }
    return target(in: response, over: path, isRouted: isRouted)
  }

  /// §12.2: the peer's Contact is where the next requests go.
  func moveTarget(
    _ session: Session, dialog index: Int, _ target: RemoteTarget?, at now: Instant
  ) {
    session.dialogs[index].move(to: target)
    followWay(of: session, at: now)
  }

  /// The leg lives on the way by which its peer is reached, and that way is kept open.
  func followWay(of session: Session, at now: Instant) {
    guard let way = session.dialogs.way else {
      return session.dialogs.keepalive.stop()
    }
    if session.leg != nil, session.path != way { adopt(session, way) }
    session.dialogs.keepalive.begin(every: settings.keepalive, at: now)
    schedule(session)
  }

  func keepWayOpen(_ session: Session, at now: Instant) {
    guard session.dialogs.keepalive.isDue(at: now) else { return }
    guard let way = session.dialogs.way, transport.isUsable(way.flow) else {
      return session.dialogs.keepalive.stop()
    }
    transport.keepOpen(way.flow)
  }
}
