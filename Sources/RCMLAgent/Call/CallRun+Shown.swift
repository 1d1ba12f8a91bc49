import RCMLDial
import RCMLSIP

/// A party outside that is shown an address only the inner network knows (spec U-64): once for each address of ours.
extension CallRun {
  func warnOfInnerAddress(_ subject: InnerAddress, _ host: [UInt8], to party: Party) {
    let whom = party == .caller ? "the caller" : "a called party"
    let address = String(decoding: host, as: UTF8.self)
    let what =
      switch subject {
      case .contact:
        "Contact shows \(address) to \(whom), who is outside that network: its own requests, BYE among them, will not"
          + " arrive."
      case .description:
        "The SDP tells \(whom), who is outside that network, to send sound to \(address): none will arrive."
      }
    warn(
      .innerAddress,
      what
        + " Set public_address to the address under which this machine is known outside, or listen at"
        + " udp:\(address):5060;public=ADDRESS.")
  }
}
