import RCMLDial
import RCMLSIP

/// A party outside that is shown an address only an inner network knows (spec U-64): once for each address of ours.
extension CallRun {
  func warnOfInnerAddress(_ subject: InnerAddress, _ host: [UInt8], to party: Party) {
    let whom = party == .caller ? "the caller" : "a called party"
    let address = String(decoding: host, as: UTF8.self)
    let own =
      " Set public_address to the address under which this machine is known outside, or listen at"
      + " udp:\(address):5060;public=ADDRESS."
    switch subject {
    case .contact:
      warn(
        .innerAddress,
        "Contact shows \(address) to \(whom), who is outside that network: its own requests, BYE among them, will"
          + " not arrive." + own)
    case .description:
      warn(
        .innerAddress,
        "The SDP tells \(whom), who is outside that network, to send sound to \(address): none will arrive."
          + own)
    case .relayed:
      warn(
        .innerAddress,
        "The SDP tells \(whom), who is outside that network, to send sound to the other party at \(address): unless"
          + " one NAT is before both, none will arrive. Set media to anchored, so that sound comes by here."
      )
    }
  }
}
