import RCMLBasics

/// Where phones behind a NAT are reached (spec U-64), read a second time from outside: requests in a dialog go where a
/// message of its came from that named its Contact, and from the moment on that one of them was answered nowhere else.
struct WatchedReach {
  /// Machines that phones are behind.
  var hosts: Set<UInt64> = []
  /// By Call-ID and the phone's tag: where requests may go, and what named a Contact last.
  var places: [[UInt8]: Set<SocketAddress>] = [:]
  var latest: [[UInt8]: SocketAddress] = [:]
  /// INVITEs and UPDATEs of phones without an answer, by branch.
  var asked: [[UInt8]: SocketAddress] = [:]
  var heard: Set<[UInt8]> = []
  /// Branches of our own requests, and answers of phones that were seen, by branch and tag.
  var sent: Set<[UInt8]> = []
  var answers: Set<[UInt8]> = []
  /// The first 2xx of a dialog, in this step.
  var answered: (key: [UInt8], source: SocketAddress)?
  /// Datagrams for phones behind a NAT, and those that one of its ports let in.
  var toPhones = 0
  var admitted = 0
}

extension Watch {
  /// A datagram of a phone behind a NAT is about to be handed to the agent.
  func reachDelivered(_ message: SipText, from source: SocketAddress) {
    reach.answered = nil
    guard reach.hosts.contains(source.low) else { return }
    let isReply = message.method == nil
    let tag = isReply ? message.toTag : message.fromTag
    let key = message.callID + tag
    guard !tag.isEmpty else { return }
    if isReply {
      let names = message.sequenceMethod == .invite || message.sequenceMethod == .update
      guard names, message.code > 100, message.code < 300 else { return }
      let isFirst = message.code >= 200 && reach.answers.insert(message.branch + tag).inserted
      if isFirst, message.sequenceMethod == .invite { reach.answered = (key, source) }
    } else {
      guard message.method == .invite || message.method == .update else { return }
      // Whoever repeats its first INVITE from another port says nothing new by that.
      if message.toTag.isEmpty, reach.places[key] != nil { return }
      // Nor whoever repeats another one.
      guard reach.heard.insert(message.branch).inserted else { return }
      reach.asked[message.branch] = source
    }
    reach.places[key, default: []].insert(source)
    reach.latest[key] = source
  }

  func reachSent(_ message: SipText, to destination: SocketAddress) {
    if destination.low >> 16 == 0xc0a8 {
      return fail(.reach, "something went to an address that only an inner network knows")
    }
    guard reach.hosts.contains(destination.low) else { return }
    guard let method = message.method else { return reachAnswered(message) }
    let isFirst = reach.sent.insert(message.branch).inserted
    guard method != .cancel, !message.toTag.isEmpty, isFirst else { return }
    let key = message.callID + message.toTag
    if method == .ack {
      // The ACK of a 2xx that came again is the one it had (RFC 3261 §13.2.2.4).
      guard let answered = reach.answered, answered.key == key else { return }
      if destination != answered.source {
        fail(.reach, "a 2xx came from port \(answered.source.port), its ACK went to another place")
      }
      reach.places[key] = [answered.source]
    } else if let places = reach.places[key], !places.contains(destination) {
      fail(
        .reach,
        "\(method.rawValue) went to port \(destination.port) of a phone behind a NAT that is at "
          + places.map { "\($0.port)" }.sorted().joined(separator: ", "))
    }
  }

  /// What it asked was answered: that is where it is now, unless it has named its Contact again since.
  private func reachAnswered(_ message: SipText) {
    guard message.code >= 200, let source = reach.asked.removeValue(forKey: message.branch),
      message.code < 300
    else { return }
    let key = message.callID + message.fromTag
    if reach.latest[key] == source { reach.places[key] = [source] }
  }

  /// What came of a datagram at the NAT. `mayExpire`: packets were lost, or nothing keeps ports open.
  func reached(_ verdict: PhoneNAT.Verdict, _ name: String, mayExpire: Bool) {
    reach.toPhones += 1
    switch verdict {
    case .admitted: reach.admitted += 1
    case .former: break
    case .expired:
      if !mayExpire {
        fail(.reach, "nothing kept the port of \(name) open, and something was to come by it")
      }
    case .unknown: fail(.reach, "something went to a port of \(name)'s NAT that never was its own")
    }
  }
}
