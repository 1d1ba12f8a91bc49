import RCMLBasics

/// Requests inside a dialog go by the proxies that wanted to stay, in their order (RFC 3261 §12.1, §12.2.1.1).
extension Watch {
  func routesDelivered(_ message: SipText) {
    guard checksSessions else { return }
    let routes = message.recordRoutes.flatMap { message.list($0) }
    if message.method == .invite, message.toTag.isEmpty {
      routeSets[message.callID + message.fromTag] = routes
    } else if message.method == nil, message.sequenceMethod == .invite, message.code > 100,
      message.code < 300, !message.toTag.isEmpty, let leg = legIndex[message.callID],
      legs[leg].tries.contains(where: { $0.branch == message.branch && $0.isInitial })
    {
      let key = message.callID + message.toTag
      // What the first of them said, and the 2xx once more (§13.2.2.4).
      if routeSets[key] == nil || message.code >= 200 { routeSets[key] = routes.reversed() }
    }
  }

  /// `destination`: nil = a stream.
  func routesSent(_ message: SipText, to destination: SocketAddress?) {
    guard checksSessions, let method = message.method, method != .cancel, !message.toTag.isEmpty
    else { return }
    if method == .ack, let leg = legIndex[message.callID],
      legs[leg].tries.contains(where: { $0.branch == message.branch && $0.isInitial })
    {
      // Of a refusal: it goes where the INVITE went.
      return
    }
    let expected = routeSets[message.callID + message.toTag] ?? []
    let routes = message.routes.flatMap { message.list($0) }
    if routes != expected {
      return fail(
        .routes, "\(method.rawValue) in a dialog with the routes \(expected) has \(routes)")
    }
    guard let first = expected.first, let destination else { return }
    let port = first.split(separator: ":").last.flatMap { UInt16($0.prefix { $0.isNumber }) }
    if destination.port != port {
      fail(
        .routes,
        "\(method.rawValue) went to port \(destination.port), and its first route is \(first)")
    }
  }
}

extension SipText {
  /// The values of a header line with commas.
  func list(_ range: Range<Int>) -> [String] {
    text(range).split(separator: ",").map { part in
      String(part.drop { $0 == " " })
    }
  }
}
