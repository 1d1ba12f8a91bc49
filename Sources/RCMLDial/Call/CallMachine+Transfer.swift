import RCMLBasics
import RCMLDocument

/// A called party that hands the caller on (spec D-14, U-40).
extension CallMachine {
  /// The leg leaves, the Dial ends without its action, and the reply of `referUrl` runs on the caller.
  func transferCaller(by leg: CallLeg, to target: String) {
    guard let dial, dial.winner == leg.number, !hasQueuedDocument, let url = dial.verb.referURL,
      caller.isAlive
    else { return }
    queue(
      .transfer(
        Interpreter.Fetch(
          purpose: .refer, url: url, method: dial.verb.referMethod,
          extra: [
            Parameter("ReferTransferTarget", SipAddressParts.withoutPassword(target)),
            Parameter("Transferor", leg.voice.to),
            Parameter("Transferee", facts.caller.from),
            Parameter("ReferTarget", SipAddressParts(target).user),
          ], origin: script.origin)))
    outbox.append(.confirmTransfer, of: leg.number)
    endDial(because: Reason(.callTransferred))
  }
}
