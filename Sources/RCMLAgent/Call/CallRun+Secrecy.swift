import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia
import RCMLSIP

/// What a call's parties may agree on: secret sound, open sound, or nothing.
extension AgentServices {
  /// Of a dialog that has not begun. Nothing is drawn where nothing is to be secret.
  func secrecy(
    _ settings: Settings, isDemanded: Bool = false, isSignallingSecured: Bool
  ) -> DialogSecrecy {
    let wish = isDemanded ? Settings.SRTP.require : settings.srtp
    guard wish != .off else { return .off }
    var random = splitRandom()
    return DialogSecrecy(
      wish, mayCarryKeys: isSignallingSecured || settings.srtpWithoutTLS, random: &random)
  }
}

extension CallRun {
  /// Of a leg. A party of the host's is not on a network of ours.
  func secrecy(of request: LegRequest) -> DialogSecrecy {
    guard request.target.hostMedia == nil else { return .off }
    return services.secrecy(
      settings, isDemanded: request.target.demandsSecrecy,
      isSignallingSecured: SignallingSecrecy.isSecured(request.target, by: settings.outboundProxy))
  }

  /// Its sound would be open, or its keys would be read on their way.
  func failOpenLeg(_ leg: LegNumber, _ secrecy: DialogSecrecy) {
    warn(.mediaRefused, secrecy.isClosed ? CallRun.keysWouldBeRead : CallRun.soundWouldBeOpen)
    failLeg(leg, because: Reason(.secrecyImpossible))
  }

  /// Once for each stream, and once more where it is secret in another way (spec T-19).
  func tellSecrecy(of stream: MediaID, _ description: StreamDescription) {
    guard let suite = description.sender.secrecy?.outgoing.suite,
      streams.isNew(suite, of: stream), let party = streams.anchored?.party(of: stream)
    else { return }
    tell(.secret(party, suite))
  }

  static let keysWouldBeRead =
    "A party was not called: its sound has to be secret (srtp), and keys would travel where anybody can read them; "
    + "use TLS, or set srtp_without_tls."
  private static let soundWouldBeOpen =
    "A party was not called: what the other phone offers must not be told to it; set media to anchored."
}

extension Settings {
  /// Secret sound and open sound meet here, unless descriptions are only handed through.
  var mediaMode: Settings.Media { media == .auto && srtp != .off ? .anchored : media }
}
