import RCMLBasics
import RCMLDocument

/// The commands that are refused, and what to do about it.
extension Refusal {
  static let gone = Refusal(
    code: RefusalCode.gone, text: "This call or request is over; its number is never used again.")
  static let notWaiting = Refusal(
    code: RefusalCode.state,
    text: "Only an incoming call that nobody has answered can be rung, answered or rejected.")
  static let notRunning = Refusal(
    code: RefusalCode.state, text: "No document runs on this call; give it one with run first.")
  static let closing = Refusal(
    code: RefusalCode.closed, text: "The agent is being drained or stopped and takes no new calls.")
  static let ringingCode = Refusal(
    code: RefusalCode.argument, text: "A call rings with 180 or 183; no other code is allowed.")
  static let rejectionCode = Refusal(
    code: RefusalCode.argument,
    text: "A call is rejected with a code from 300 to 699 and a phrase without control characters.")
  static let username = Refusal(
    code: RefusalCode.argument, text: "A user name has no control characters.")
  static let recording = Refusal(
    code: RefusalCode.state,
    text:
      "Only an answered call whose sound comes by here (setting media) can be recorded, once at a time."
  )
  static let path = Refusal(
    code: RefusalCode.argument, text: "A recording needs the path of a file that is not there yet.")
  static let key = Refusal(
    code: RefusalCode.argument, text: "A key is one of 0-9, *, # and A-D.")

  static func party(_ problem: PartyText.Problem) -> Refusal {
    switch problem {
    case .party(let why):
      Refusal(
        code: RefusalCode.uri,
        text: "The party cannot be called; it is written sip:user@host. \(why)")
    case .identity(let why):
      Refusal(
        code: RefusalCode.uri,
        text: "Nobody can be called under this name; it is written sip:user@host. \(why)")
    }
  }
}
