import RCMLBasics

/// The answering side: INVITEs, their CANCEL, and what the script says.
extension Phone {
  func receivedInvite(_ message: SipText, _ call: Int?, over link: Link) {
    guard message.toTag.isEmpty else { return receivedOffer(message, call, over: link) }
    // Repeated before anything was said to it.
    if let call, calls[call].invite.branch == message.branch { return }
    if call == nil, challenges(message, over: link) { return }
    // The same INVITE by another way (RFC 3261 §8.2.2.2).
    guard call == nil else { return reply(482, to: message, call, over: link) }
    guard case .callee(let script) = role else {
      return reply(486, to: message, nil, over: link)
    }
    calls.append(PhoneCall(callID: message.callID, invite: message, link: link))
    let index = calls.count - 1
    if let after = script.vanishesAfter { wake(.vanish, after: after) }
    if let first = script.steps.first { wake(.step(call: index, index: 0), after: first.after) }
  }

  func takeStep(_ index: Int, of call: Int) {
    guard case .callee(let script) = role else { return }
    let step = script.steps[index]
    if index + 1 < script.steps.count {
      wake(.step(call: call, index: index + 1), after: script.steps[index + 1].after)
    }
    // After CANCEL and its 487 nothing more is said; a second fork's 200 is.
    if calls[call].isDecided && step.code < 200 { return }
    if calls[call].isCancelled { return }
    answer(call, fork: step.fork, code: step.code, body: step.body)
  }

  func answer(_ call: Int, fork: Int, code: Int, body: CalleeScript.Body) {
    guard case .callee(let script) = role else { return }
    let invite = calls[call].invite
    let link = calls[call].link
    // It takes nothing of what it is offered (RFC 3264 §6).
    if code < 300, body == .good, !canAnswer(invite) {
      if code >= 200 { self.answer(call, fork: fork, code: 488, body: .none) }
      return
    }
    let tag = Array("\(name)-\(call)-\(fork)".utf8)
    if code >= 300 && calls[call].isDecided { return }
    var writer = SipWriter(response: code, to: invite, toTag: tag)
    if code < 300 && code > 100 {
      addRoutes(&writer)
      writer.header("Contact", contact(over: link))
    }
    if code == 200, invite.supportsTimer, extras?.timer != nil { agreeTimer(&writer) }
    if code >= 200, code < 300, body == .good {
      moveWithAnswer(SoundKey(call: call, fork: fork))
    }
    let bytes = finished(writer, body: content(body, call, fork: fork))
    remember(bytes, invite, call)
    guard code >= 200 else {
      outbox.append(.send(bytes, over: link))
      return
    }
    calls[call].isDecided = true
    guard code < 300 else {
      calls[call].refusal = repeatedly(bytes, over: link, longest: .seconds(4))
      return
    }
    guard calls[call].dialog(local: tag) == nil else { return }
    var dialog = PhoneCall.Dialog(
      localTag: tag, remoteTag: invite.fromTag,
      target: Array(invite.bytes[invite.address(in: invite.contact)]))
    dialog.answer = repeatedly(bytes, over: link, longest: .seconds(4), alsoOnStream: true)
    calls[call].dialogs.append(dialog)
    if script.hangsUpAtOnce { hangUp(call, calls[call].dialogs.count - 1) }
  }

  private func content(_ body: CalleeScript.Body, _ call: Int, fork: Int) -> [UInt8] {
    switch body {
    case .none: return []
    case .good:
      return description(
        SoundKey(call: call, fork: fork), version: 1, answering: calls[call].invite)
    case .bad: return Array("this is no session description\r\n".utf8)
    }
  }

  func acknowledged(_ call: Int, _ dialog: Int) {
    guard case .callee(let script) = role else { return }
    if let after = script.hangsUpAfter { wake(.hangUp(call: call, dialog: dialog), after: after) }
    if let after = script.offersAgainAfter {
      wake(.offerAgain(call: call, dialog: dialog), after: after)
    }
    beginExtras(call, dialog)
    beginNAT(call, dialog)
  }

  func receivedCancel(_ message: SipText, _ call: Int?, over link: Link) {
    if isTakenBack(message, call, over: link) { return }
    guard let call, case .callee(let script) = role, message.branch == calls[call].invite.branch
    else { return reply(481, to: message, call, over: link) }
    if script.onCancel == .ignore { return }
    reply(200, to: message, call, over: link)
    guard !calls[call].isDecided, !calls[call].isCancelled else { return }
    calls[call].isCancelled = true
    switch script.onCancel {
    case .obey: answer(call, fork: 0, code: 487, body: .none)
    case .answerLate(let after): wake(.answerLate(call: call), after: after)
    case .keepSilent, .ignore: break
    }
  }

  /// re-INVITE from the other side.
  private func receivedOffer(_ message: SipText, _ call: Int?, over link: Link) {
    guard let call, let index = calls[call].dialog(local: message.toTag),
      !calls[call].dialogs[index].isOver
    else { return reply(481, to: message, call, over: link) }
    if challengesInDialog(message, call, over: link) { return }
    if ignored.contains(message.branch) || considers(message, call, over: link) { return }
    answerOffer(message, call, index, over: link)
  }

  func answerOffer(_ message: SipText, _ call: Int, _ index: Int, over link: Link) {
    let code = canAnswer(message) ? answerToOffer() : 488
    if code == 0 {
      ignored.insert(message.branch)
      return
    }
    guard code < 300 else {
      let bytes = SipWriter(response: code, to: message, toTag: []).finished()
      remember(bytes, message, call)
      calls[call].refusal = repeatedly(bytes, over: link, longest: .seconds(4))
      return
    }
    var writer = SipWriter(response: 200, to: message, toTag: [])
    writer.header("Contact", contact(over: link))
    let bytes = finished(
      writer, body: description(soundKey(call, index), version: 3, answering: message))
    remember(bytes, message, call)
    calls[call].dialogs[index].answer = repeatedly(
      bytes, over: link, longest: .seconds(4), alsoOnStream: true)
  }
}
