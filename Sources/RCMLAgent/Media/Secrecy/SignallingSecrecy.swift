import RCMLDocument
import RCMLSIP

/// The one place where it is asked whether somebody on the way can read a party's signalling, and with it the keys of its
/// sound (spec T-16). As long as there is no TLS, somebody always can.
enum SignallingSecrecy {
  /// Of a caller.
  static func isSecured(_ invite: IncomingInvite) -> Bool { false }

  /// Of a party that is called: at every hop, as its address demands.
  static func isSecured(_ target: SipNoun) -> Bool { false }
}

extension SipNoun {
  /// Its sound has to be secret, whatever the setting says: `sips:`, and `;secure=true` behind its address (spec T-15).
  var demandsSecrecy: Bool { isSecure || wantsSecretSound }
}
