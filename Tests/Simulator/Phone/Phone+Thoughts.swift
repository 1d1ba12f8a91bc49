/// A phone whose owner decides about a re-INVITE: 100 at once, the answer later, 487 where it was taken back meanwhile.
extension Phone {
  struct Considered {
    var message: SipText
    var call: Int
    var dialog: Int
    var link: Link
  }

  /// True: the answer comes later.
  func considers(_ message: SipText, _ call: Int, over link: Link) -> Bool {
    guard let thinks = extras?.thinks, !thinks.isEmpty,
      let dialog = calls[call].dialog(local: message.toTag)
    else { return false }
    if considered[message.branch] == nil {
      let after = thinks[thoughts % thinks.count]
      thoughts += 1
      guard after > 0 else { return false }
      considered[message.branch] = Considered(
        message: message, call: call, dialog: dialog, link: link)
      wake(.decide(branch: message.branch), after: after)
    }
    let trying = SipWriter(response: 100, to: message, toTag: [])
    outbox.append(.send(trying.finished(), over: link))
    return true
  }

  func decide(_ branch: [UInt8]) {
    guard let one = considered.removeValue(forKey: branch) else { return }
    guard !calls[one.call].dialogs[one.dialog].isOver else { return refuseTakenBack(one) }
    answerOffer(one.message, one.call, one.dialog, over: one.link)
  }

  /// True: a re-INVITE that was still thought about.
  func isTakenBack(_ cancel: SipText, _ call: Int?, over link: Link) -> Bool {
    guard let one = considered.removeValue(forKey: cancel.branch) else { return false }
    reply(200, to: cancel, call, over: link)
    refuseTakenBack(one)
    return true
  }

  private func refuseTakenBack(_ one: Considered) {
    let bytes = SipWriter(response: 487, to: one.message, toTag: []).finished()
    remember(bytes, one.message, one.call)
    calls[one.call].refusal = repeatedly(bytes, over: one.link, longest: .seconds(4))
  }
}
