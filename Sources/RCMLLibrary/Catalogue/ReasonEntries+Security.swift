import RCMLBasics

extension ReasonEntries {
  /// Peers that are there and did not prove who they are (spec T-8).
  static func security(_ code: ReasonCode) -> Words? {
    handshake(code) ?? validity(code) ?? issue(code)
  }

  private static func handshake(_ code: ReasonCode) -> Words? {
    switch code {
    case .tlsFailed:
      (
        "tls-failed", "No secure connection with the other side came about.",
        "The handshake of TLS ended without a connection.",
        "Try the place with openssl from this machine; it says more."
      )
    case .notTLS:
      (
        "not-tls", "The other side speaks no TLS there.",
        "What answered at that port speaks plain SIP, or something else.",
        "Take the port of TLS, 5061 in most places; or write transport=tcp."
      )
    case .tlsTimedOut:
      (
        "tls-timeout", "The other side did not finish the secure connection in time.",
        "The connection stands, and the peer did not end the handshake within 10 s.",
        "Look whether something else than a SIP server listens there, or a firewall looks into TLS."
      )
    case .tlsVersion:
      (
        "tls-version", "The other side takes no version and cipher of TLS that are good enough.",
        "Only TLS 1.2 and 1.3 are spoken, with ciphers and keys of at least 112 bits.",
        "Let the peer speak TLS 1.2 or 1.3."
      )
    case .tlsRefused:
      (
        "tls-refused",
        "The other side does not take our certificate, or wants one that we do not have.",
        "The peer wants a certificate of ours (mutual TLS), or does not trust the one in tls_certificate.",
        "Set tls_certificate and tls_key to a certificate that the peer trusts."
      )
    case .certificateMissing:
      (
        "certificate-missing", "The other side shows no certificate.",
        "tls_verify_clients is require, and the client has sent none.",
        "Give the client a certificate; or set tls_verify_clients to ask."
      )
    case .certificateTooLarge:
      (
        "certificate-too-large", "The other side shows certificates that are too large.",
        "All certificates of a peer together may have 32 KiB.",
        "Let the peer send its own certificate and those that lead to the authority, no more."
      )
    default: nil
    }
  }

  /// What is wrong with a certificate by itself.
  private static func validity(_ code: ReasonCode) -> Words? {
    switch code {
    case .certificateBroken:
      (
        "certificate-broken", "The certificate of the other side is broken.",
        "Somebody has changed it, or it was made by a broken tool.",
        "Look at it with openssl x509 -text, and issue it anew."
      )
    case .certificateExpired:
      (
        "certificate-expired", "The certificate of the other side has expired.",
        "The day until which it is good is over; or this machine's clock is wrong.",
        "Renew it; look at the clock."
      )
    case .certificateNotYetValid:
      (
        "certificate-not-yet", "The certificate of the other side is not valid yet.",
        "The day from which it is good is still to come; or this machine's clock is wrong.",
        "Look at the clock."
      )
    case .certificateName:
      (
        "certificate-name", "The certificate of the other side is another's.",
        "The domain that was dialled must stand in its subjectAltName, as DNS:NAME or URI:sip:NAME; an address as IP:ADDRESS.",
        "Dial the name that stands in the certificate; or let the peer have one for its domain."
      )
    default: nil
    }
  }

  /// Who has issued it, and for what.
  private static func issue(_ code: ReasonCode) -> Words? {
    switch code {
    case .certificateSelfSigned:
      (
        "certificate-self-signed",
        "The certificate of the other side is signed by nobody but itself.",
        "No authority has signed it.",
        "Name it in tls_ca, if it is the right one."
      )
    case .certificateIssuerUnknown:
      (
        "certificate-issuer-unknown",
        "Nobody who is trusted here has issued the certificate of the other side.",
        "The authority stands neither in tls_ca nor among those that the system trusts; or the peer does not send the certificates between.",
        "Name the authority in tls_ca; let the peer send its whole chain."
      )
    case .certificateIssuerUnfit:
      (
        "certificate-issuer-unfit",
        "The certificate of the other side was issued by somebody who may not issue it.",
        "A certificate that is none of an authority, or of one for other names, was used to issue it.",
        "Have it issued by the right authority."
      )
    case .certificateUsage:
      (
        "certificate-usage", "The certificate of the other side is for something else than SIP.",
        "Its extended key usage names neither servers or clients of TLS nor SIP.",
        "Have one issued for TLS servers."
      )
    case .certificateRevoked:
      (
        "certificate-revoked", "The certificate of the other side was revoked.",
        "It stands in the list of tls_crl.",
        "The peer needs a new one."
      )
    case .certificateUnchecked:
      (
        "certificate-unchecked",
        "Whether the certificate of the other side was revoked cannot be told.",
        "The list of revoked certificates in tls_crl has expired, or its signature is wrong.",
        "Fetch the list anew."
      )
    case .certificateWeak:
      (
        "certificate-weak",
        "The certificate of the other side has a key or a signature that is too weak.",
        "RSA keys need 2,048 bits, and signatures SHA-256.",
        "Have it issued anew with a stronger key."
      )
    default: nil
    }
  }
}
