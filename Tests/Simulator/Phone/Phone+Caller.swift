import RCMLBasics

/// The calling side: one INVITE, what its answers make of it, and how it ends.
extension Phone {
  func startCall() {
    guard case .caller(let script) = role else { return }
    let link = script.usesStream ? Link.stream(nil) : .datagram
    let branch = newBranch()
    let tag = token()
    var writer = SipWriter(request: .invite, uri: agentURI)
    writer.header("Via", via(over: link, branch: branch))
    writer.header("Max-Forwards", "70")
    writer.header(
      "From", "\"\(name)\" <sip:\(name)@\(host)>;tag=" + String(decoding: tag, as: UTF8.self))
    writer.header("To", "<sip:service@\(World.agentHost)>")
    writer.header("Call-ID", token() + Array("@\(host)".utf8))
    writer.header("CSeq", "1 INVITE")
    writer.header("Contact", contact(over: link))
    switch script.reliability {
    case .unknown: break
    case .supported: writer.header("Supported", "100rel")
    case .required: writer.header("Require", "100rel")
    }
    addRoutes(&writer)
    addTimer(&writer)
    addWishes(&writer)
    let bytes = finished(writer, body: script.hasOffer ? session() : [])
    guard let invite = SipText(bytes) else { return }
    calls.append(PhoneCall(callID: invite.callID, invite: invite, link: link))
    waiting[branch] = repeatedly(bytes, over: link, longest: .zero)
    if let after = script.cancelsAfter { wake(.cancel, after: after) }
    if let after = script.vanishesAfter { wake(.vanish, after: after) }
  }

  /// CANCEL at any time after a provisional response; before one it waits (RFC 3261 §9.1).
  func cancelCall() {
    guard let call = calls.first, !call.isDecided, !call.isCancelled else { return }
    // Nobody answers the INVITE, and its repetition is over: there is nothing to be cancelled any more.
    let isWaiting = call.link.isStream ? cancelTries < 320 : !sendings.isEmpty
    guard hasProvisional || isWaiting else { return }
    cancelTries += 1
    guard hasProvisional else { return wake(.cancel, after: 100) }
    calls[0].isCancelled = true
    var writer = SipWriter(request: .cancel, uri: agentURI)
    writer.header("Via", call.invite.bytes[call.invite.vias[0]])
    writer.header("Max-Forwards", "70")
    writer.header("From", call.invite.bytes[call.invite.from])
    writer.header("To", call.invite.bytes[call.invite.to])
    writer.header("Call-ID", call.callID)
    writer.header("CSeq", "1 CANCEL")
    cancelling = repeatedly(writer.finished(), over: call.link, longest: .seconds(4))
  }

  func receivedResponse(_ message: SipText, over link: Link) {
    guard let call = calls.firstIndex(where: { $0.callID == message.callID }) else { return }
    if message.sequenceMethod == .cancel {
      if message.code >= 200 { stop(cancelling) }
      return
    }
    // Any response ends the repetition of an INVITE, a final one that of other requests.
    if message.code >= 200 || message.sequenceMethod == .invite { stop(waiting[message.branch]) }
    if openOffers[message.branch] != nil {
      provisionals.insert(message.branch)
      if message.code >= 200 { openOffers[message.branch] = nil }
    }
    guard message.sequenceMethod == .invite else { return }
    if isCaller && message.branch == calls[call].invite.branch {
      initialAnswer(message, call)
    } else if message.code >= 200 {
      offerAnswer(message, call)
    }
  }

  private func initialAnswer(_ message: SipText, _ call: Int) {
    guard case .caller(let script) = role else { return }
    if message.code < 200 {
      hasProvisional = true
      if message.requiresReliable, script.acknowledgesRinging { acknowledge(message, call) }
      return
    }
    calls[call].isDecided = true
    guard message.code < 300 else {
      outbox.append(.send(refusalAck(message, call), over: calls[call].link))
      return
    }
    let known = calls[call].dialogs.firstIndex { $0.remoteTag == message.toTag }
    if let known, !calls[call].dialogs[known].isEarly {
      if script.acknowledges {
        outbox.append(.send(calls[call].dialogs[known].ack, over: calls[call].link))
      }
      return
    }
    let dialog = known ?? newDialog(message, call)
    calls[call].dialogs[dialog].isEarly = false
    if script.acknowledges { acknowledge(call, dialog, sequence: 1) }
    if calls[call].isCancelled { return hangUp(call, dialog) }
    if let after = script.hangsUpAfter { wake(.hangUp(call: call, dialog: dialog), after: after) }
    if let after = script.offersAgainAfter {
      wake(.offerAgain(call: call, dialog: dialog), after: after)
    }
    beginExtras(call, dialog)
    beginNAT(call, dialog)
  }

  private func newDialog(_ message: SipText, _ call: Int) -> Int {
    let target = Array(message.bytes[message.address(in: message.contact)])
    calls[call].dialogs.append(
      PhoneCall.Dialog(
        localTag: message.fromTag, remoteTag: message.toTag,
        target: target.isEmpty ? agentURI : target))
    return calls[call].dialogs.count - 1
  }

  /// PRACK: each response once and in its order; one that comes again has its PRACK under way (RFC 3262 §4).
  private func acknowledge(_ response: SipText, _ call: Int) {
    guard let rseq = response.rseq, !calls[call].isDecided else { return }
    let known = calls[call].dialogs.firstIndex { $0.remoteTag == response.toTag }
    let dialog = known ?? newDialog(response, call)
    if known == nil { calls[call].dialogs[dialog].isEarly = true }
    if let last = calls[call].dialogs[dialog].rseq, rseq != last + 1 { return }
    calls[call].dialogs[dialog].rseq = rseq
    calls[call].dialogs[dialog].sequence += 1
    var prack = request(
      .prack, call, dialog, branch: newBranch(), sequence: calls[call].dialogs[dialog].sequence)
    prack.header("RAck", "\(rseq) 1 INVITE")
    track(repeatedly(finished(prack), over: calls[call].link, longest: .seconds(4)), call, prack)
  }

  private func offerAnswer(_ message: SipText, _ call: Int) {
    guard
      let dialog = calls[call].dialogs.firstIndex(where: {
        $0.remoteTag == message.toTag && $0.localTag == message.fromTag
      })
    else { return }
    if message.code < 300 {
      if emptyOffers.contains(message.branch) { return answerInAck(message, call, dialog) }
      acknowledge(call, dialog, sequence: message.sequence)
    } else {
      outbox.append(.send(refusalAck(message, call), over: calls[call].link))
    }
  }

  /// Our re-INVITE had no SDP: theirs is in the 200 (RFC 3264 §4).
  private func answerInAck(_ response: SipText, _ call: Int, _ dialog: Int) {
    let known = answeredInAck[response.branch]
    let ack =
      known
      ?? finished(
        request(.ack, call, dialog, branch: newBranch(), sequence: response.sequence),
        body: description(soundKey(call, dialog), version: 2, answering: response))
    answeredInAck[response.branch] = ack
    outbox.append(.send(ack, over: calls[call].link))
  }

  private func acknowledge(_ call: Int, _ dialog: Int, sequence: UInt32) {
    let ack = finished(
      request(.ack, call, dialog, branch: newBranch(), sequence: sequence),
      body: answerInAck(call, sequence))
    calls[call].dialogs[dialog].ack = ack
    outbox.append(.send(ack, over: calls[call].link))
  }

  /// ACK of a failure response: the INVITE's branch and Request-URI, the response's To (RFC 3261 §17.1.1.3).
  private func refusalAck(_ response: SipText, _ call: Int) -> [UInt8] {
    let invite = calls[call].invite
    var writer = SipWriter(request: .ack, uri: Array(invite.bytes[invite.uri]))
    writer.header("Via", response.bytes[response.vias[0]])
    writer.header("Max-Forwards", "70")
    writer.header("From", response.bytes[response.from])
    writer.header("To", response.bytes[response.to])
    writer.header("Call-ID", response.callID)
    writer.header("CSeq", "\(response.sequence) ACK")
    return writer.finished()
  }
}
