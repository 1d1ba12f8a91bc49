import RCMLDocument
import RCMLSIP

/// The one place where it is asked whether somebody on the way can read a party's signalling, and with it the keys of its
/// sound (spec T-16).
enum SignallingSecrecy {
  /// Of a caller: the hop to us is over TLS. Whoever is behind it has told its keys there itself.
  static func isSecured(_ invite: IncomingInvite) -> Bool { invite.transport.isSecured }

  /// Of a party that is called: over TLS at every hop, as `sips:` demands, or at the first one. Where a proxy of ours stands
  /// between, it is that one's way that counts.
  static func isSecured(_ target: SipNoun, by proxy: String) -> Bool {
    if target.isSecure { return true }
    let proxy = proxy.lowercased()
    return target.transport == .tls
      && (proxy.isEmpty || proxy.hasPrefix("sips:")
        || proxy.split(separator: ";").contains { $0 == "transport=tls" })
  }
}

extension SipNoun {
  /// Its sound has to be secret, whatever the setting says: `sips:`, and `;secure=true` behind its address (spec T-15).
  var demandsSecrecy: Bool { isSecure || wantsSecretSound }
}
