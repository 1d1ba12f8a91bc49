/// What is shown to whom of whose streams (RFC 3264 §6, §8; spec U-50 … U-53).
struct WatchedSessions {
  /// One dialog, by its Call-ID and the peer's tag.
  struct Dialog {
    /// What the peer said last in an exchange that succeeded.
    var theirs: SdpText?
    /// What it said before there was an answer.
    var early: SdpText?
    /// Its offers without an answer, by branch.
    var pending: [[UInt8]: SdpText] = [:]
    /// Our last word, and our last offer.
    var ours: SdpText?
    var ourOffer: SdpText?
    /// Our answer in a provisional response; acknowledged, it is the answer, and the 200 may only repeat it
    /// (RFC 3262 §5, spec U-21).
    var oursEarly: SdpText?
    var isEarlyAcknowledged = false
    /// CSeq of its newest offer.
    var newest: UInt32 = 0
    /// Our offer met glare: it is made once more as it is (RFC 3261 §14.1).
    var metGlare = false
    /// Streams of the last offer of either side that was not refused (RFC 3261 §14.1).
    var lastOffer: SdpText?
    /// What we offered last and was accepted; and that something else was refused after it.
    var accepted: SdpText?
    var isRefused = false
    /// Our re-INVITEs and UPDATEs, by branch.
    var asked: [[UInt8]: SdpText] = [:]

    var named: [SdpText] {
      [theirs, early].compactMap { $0 } + pending.values
    }
  }

  var dialogs: [[UInt8]: Dialog] = [:]
  /// Our first offers to legs, by Call-ID.
  var firstOffers: [[UInt8]: SdpText] = [:]
  /// Tags of peers by Call-ID.
  var tags: [[UInt8]: [[UInt8]]] = [:]
  var seen: Set<[UInt8]> = []
  /// Words of ours may have waited for a connection, and were never said.
  var waited = false
}

extension Watch {
  func sessionDelivered(_ message: SipText) {
    guard checksSessions else { return }
    let isReply = message.method == nil
    let tag = isReply ? message.toTag : message.fromTag
    let key = message.callID + tag
    if message.method == .prack { sessions.dialogs[key]?.isEarlyAcknowledged = true }
    let carries = isReply ? message.sequenceMethod : message.method ?? .other
    guard carries == .invite || carries == .update || carries == .ack, !tag.isEmpty else { return }
    let isNew = sessions.dialogs[key] == nil
    if isNew { sessions.tags[message.callID, default: []].append(tag) }
    var dialog = sessions.dialogs[key] ?? WatchedSessions.Dialog()
    defer { sessions.dialogs[key] = dialog }
    if isNew, let first = sessions.firstOffers[message.callID] {
      dialog.lastOffer = first
      dialog.ours = first
      dialog.ourOffer = first
    }
    if isReply, message.code == 491 { dialog.metGlare = true }
    if isReply, message.code >= 200, let asked = dialog.asked.removeValue(forKey: message.branch) {
      if message.code < 300 {
        dialog.isRefused = dialog.isRefused && asked.statement == dialog.accepted?.statement
        dialog.lastOffer = asked
        dialog.accepted = asked
      } else {
        dialog.isRefused = true
      }
    }
    if message.method == .invite || message.method == .update {
      dialog.newest = max(dialog.newest, message.sequence)
    }
    guard let sdp = SdpText(message) else { return }
    noteHold(sdp, message, answering: dialog.ourOffer)
    switch (message.method, message.code) {
    case (.invite, _), (.update, _):
      if sessions.seen.insert(message.branch + [1]).inserted {
        dialog.pending[message.branch] = sdp
      }
    // A newer offer said that no ACK would come: whether it counts, is not seen from outside.
    case (.ack, _) where message.sequence < dialog.newest: dialog.early = sdp
    case (.ack, _):
      // A late copy of it says nothing new.
      let number = withUnsafeBytes(of: UInt32(truncatingIfNeeded: message.sequence)) { [UInt8]($0) }
      guard sessions.seen.insert(key + number + [4]).inserted else { return }
      dialog.theirs = sdp
    case (nil, 101..<200): dialog.early = sdp
    case (nil, 200..<300):
      guard sessions.seen.insert(message.branch + tag + [2]).inserted else { return }
      dialog.theirs = sdp
      dialog.early = nil
    default: break
    }
  }

  func sessionSent(_ message: SipText) {
    guard checksSessions else { return }
    let isReply = message.method == nil
    let tag = isReply ? message.fromTag : message.toTag
    let carries = isReply ? message.sequenceMethod : message.method ?? .other
    guard carries == .invite || carries == .update || carries == .ack else { return }
    let sdp = SdpText(message)
    // A message that is sent again says nothing new.
    let what = [message.code & 255, sdp?.version ?? 0].map { UInt8(truncatingIfNeeded: $0) }
    guard sessions.seen.insert(message.branch + tag + what + [3]).inserted else { return }
    if !isReply, tag.isEmpty {
      sessions.firstOffers[message.callID] = sdp
      if let sdp { checkProfiles(sdp, message) }
      return
    }
    let key = message.callID + tag
    guard var dialog = sessions.dialogs[key] else { return }
    defer { sessions.dialogs[key] = dialog }
    let offer = isReply ? dialog.pending[message.branch] : nil
    if isReply, message.code >= 200 {
      dialog.pending[message.branch] = nil
      if message.code < 300, let offer {
        dialog.theirs = offer
        dialog.early = nil
      }
    }
    guard let sdp, !isReply || message.code < 300 else { return }
    let name = partyName(message)
    checkProfiles(sdp, message)
    checkOrigin(sdp, dialog.ours, name)
    if !isSaidAgain(sdp, message, dialog) { checkOwner(sdp, message, name) }
    dialog.metGlare = dialog.metGlare && isReply
    if isReply, message.code < 200 { dialog.oursEarly = sdp }
    if let offer {
      checkAnswer(sdp, to: offer, name)
      dialog.lastOffer = offer
    } else if !isReply && message.method == .ack {
      if let theirs = dialog.theirs { checkAnswer(sdp, to: theirs, name) }
    } else {
      if let last = dialog.lastOffer, !isReply || message.code >= 200 {
        checkOffer(sdp, after: last, name)
      }
      if isReply { dialog.lastOffer = sdp } else { dialog.asked[message.branch] = sdp }
      dialog.ourOffer = sdp
    }
    dialog.ours = sdp
  }

  /// What may only be repeated, whatever has become of it: an answer that was acknowledged, an offer that met glare,
  /// and, by a session refresh, what was agreed before the peer refused something newer.
  private func isSaidAgain(
    _ sdp: SdpText, _ message: SipText, _ dialog: WatchedSessions.Dialog
  ) -> Bool {
    if message.method != nil {
      return dialog.metGlare && dialog.ourOffer?.version == sdp.version
        || dialog.isRefused && dialog.accepted?.statement == sdp.statement
    }
    return message.code >= 200 && dialog.isEarlyAcknowledged
      && dialog.oursEarly?.version == sdp.version
  }

  private func partyName(_ message: SipText) -> String {
    if let caller = callerIndex[message.callID] { return callers[caller].name }
    return legIndex[message.callID].map { legs[$0].target } ?? "somebody"
  }

  /// An answer has the streams of its offer, in their order, and each says no more than was asked.
  private func checkAnswer(_ answer: SdpText, to offer: SdpText, _ name: String) {
    if answer.streams.map(\.media) != offer.streams.map(\.media) {
      return fail(
        .sessions, "\(name) offered \(offer.streams.count) streams, and the answer has others")
    }
    for (given, asked) in zip(answer.streams, offer.streams) {
      if asked.port == 0, given.port != 0 {
        fail(.sessions, "\(name) offered no \(asked.media), and is answered with some")
      }
      if given.port != 0, given.profile != asked.profile {
        fail(.profiles, "\(name) offered \(asked.profile), and is answered \(given.profile)")
      }
      if given.port != 0, !SdpText.isAnswer(given, to: asked) {
        fail(.directions, "\(name) offered \(asked.direction), and is answered \(given.direction)")
      }
    }
  }

  /// A later offer keeps the streams there were, in their order (RFC 3264 §8).
  private func checkOffer(_ offer: SdpText, after last: SdpText, _ name: String) {
    let kept = offer.streams.prefix(last.streams.count).map(\.media)
    if kept != last.streams.map(\.media) {
      fail(.sessions, "an offer to \(name) drops streams, or changes their order")
    }
  }

  /// The version grows by one when something changed, and else it does not (RFC 3264 §8).
  private func checkOrigin(_ sdp: SdpText, _ last: SdpText?, _ name: String) {
    guard let last else { return }
    if sdp.originID != last.originID {
      return fail(.sessions, "\(name) is shown the session \(sdp.originID) after \(last.originID)")
    }
    let isSame = sdp.statement == last.statement
    if sessions.waited, !isSame, sdp.version > last.version { return }
    if sdp.version != last.version + (isSame ? 0 : 1) {
      fail(
        .sessions,
        "\(name) is shown version \(sdp.version) after \(last.version), and it is "
          + (isSame ? "the same" : "another"))
    }
  }

  /// We pass on no stream that we do not understand (U-53).
  private func checkProfiles(_ sdp: SdpText, _ message: SipText) {
    guard sdp.host == World.agentHost else { return }
    for stream in sdp.streams where stream.port != 0 && !stream.mayPass {
      fail(.profiles, "\(partyName(message)) is told that we speak \(stream.profile)")
    }
  }

  /// A phone's streams that are shown to another are those it named: in what was agreed, or in what is being asked.
  private func checkOwner(_ sdp: SdpText, _ message: SipText, _ name: String) {
    // Phones' addresses only: what parties of the host's name is theirs to know.
    guard sdp.host.hasPrefix("10.0.1.") || sdp.host.hasPrefix("10.0.2.") else { return }
    let caller: Int
    var owners: [[UInt8]] = []
    if let index = callerIndex[message.callID] {
      caller = index
      owners = legs.filter { $0.caller == caller && Watch.host(of: $0.target) == sdp.host }
        .map(\.callID)
    } else if let leg = legIndex[message.callID] {
      caller = legs[leg].caller
      if callers[caller].name == Watch.name(ofCallerAt: sdp.host) {
        owners = [callers[caller].callID]
      }
    } else {
      return
    }
    let known = owners.flatMap { call in
      (sessions.tags[call] ?? []).flatMap { sessions.dialogs[call + $0]?.named ?? [] }
    }
    guard !known.isEmpty else {
      return fail(
        .sessions, "\(name) is shown streams at \(sdp.host), and nobody of its call is there")
    }
    for stream in sdp.streams where stream.port != 0 {
      let isNamed = known.contains { $0.streams.contains { $0.port == stream.port } }
      if !isNamed {
        fail(
          .sessions,
          "\(name) is shown port \(stream.port) of \(sdp.host), which is neither agreed nor asked for"
        )
      }
    }
  }

  private static func host(of target: String) -> String? {
    Int(target.dropFirst("callee".count)).map { World.calleeHost($0) }
  }

  private static func name(ofCallerAt host: String) -> String? {
    host.hasPrefix("10.0.1.") ? Int(host.dropFirst(7)).map { "caller\($0 - 1)" } : nil
  }
}
