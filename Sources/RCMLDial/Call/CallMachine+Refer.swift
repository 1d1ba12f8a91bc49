import RCMLBasics
import RCMLDocument

/// A called party that hands the caller on (spec D-14, U-40).
extension CallMachine {
  /// The leg leaves, the Dial ends without its action, and the reply of `referUrl` runs on the caller.
  mutating func referred(by leg: LegNumber, to target: String) {
    guard let running = dial, running.winner == leg, successor == nil,
      let url = running.dial.referURL, let index = index(of: leg), callerLeg.isAlive
    else { return }
    let shown = SipAddressParts.withoutPassword(target)
    successor = .refer(
      Interpreter.Fetch(
        purpose: .refer, url: url, method: running.dial.referMethod,
        extra: [
          Parameter("ReferTransferTarget", shown),
          Parameter("Transferor", legs[index].voice.to),
          Parameter("Transferee", callerVoice.from),
          Parameter("ReferTarget", SipAddressParts(target).user),
        ]))
    out.append(.leg(leg, .confirmTransfer))
    tellDial(.hostEnded)
  }

  mutating func begin(_ successor: Successor) {
    switch successor {
    case .document(let source): begin(source)
    case .refer(let fetch): script.waiting = .document(request(fetch), .refer)
    }
  }
}
