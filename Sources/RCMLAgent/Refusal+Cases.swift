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
  static let settingsTooLate = Refusal(
    code: RefusalCode.state,
    text:
      "A document runs on this call already: a call has settings of its own from its first one on.")
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
  static let notHosts = Refusal(
    code: RefusalCode.state,
    text: "This party is on a SIP dialog; only parties of your own can be spoken for.")
  static let hostState = Refusal(
    code: RefusalCode.state,
    text: "Not now: the party has not been called, has been answered already, or owes no answer.")
  static let secrecy = Refusal(
    code: RefusalCode.state,
    text:
      "The party's sound has to be secret (srtp), and keys would travel where anybody can read them: use TLS, or set "
      + "srtp_without_tls.")
  static let hostOffer = Refusal(
    code: RefusalCode.argument, text: "The SDP of the caller cannot be read, or holds no audio.")
  static let hostMedia = Refusal(
    code: RefusalCode.state,
    text:
      "Frames, and callers without an offer, need media that comes by here: the setting media is direct."
  )
  static let hostParty = Refusal(
    code: RefusalCode.uri,
    text:
      "A party of your own is written host:name, or host:name;media=sdp, linear16, pcmu or pcma; a contact of a redirect cannot be one."
  )
  static let hostIdentity = Refusal(
    code: RefusalCode.uri,
    text: "The caller or called party is written sip:user@host, or as a number or name alone.")
  static func hostHeader(_ name: String) -> Refusal {
    Refusal(
      code: RefusalCode.argument,
      text:
        "The header “\(name)” of the caller cannot be one: a name is a token, and a value has no control "
        + "characters.")
  }
  static let path = Refusal(
    code: RefusalCode.argument, text: "A recording needs the path of a file that is not there yet.")
  static let key = Refusal(
    code: RefusalCode.argument, text: "A key is one of 0-9, *, # and A-D.")

  static func party(_ problem: PartyText.Problem) -> Refusal {
    switch problem {
    case .party(let why):
      Refusal(
        code: RefusalCode.uri,
        text: "The party cannot be called. \(why)")
    case .identity(let why):
      Refusal(
        code: RefusalCode.uri,
        text: "Nobody can be called under this name. \(why)")
    }
  }
}
