/// TLS for SIP (spec T-7 … T-9): files of PEM form, and who has to prove what.
extension Settings {
  /// What it says of TLS for SIP is to be read again when it is set, whatever its value was (spec T-9).
  public static func isOfStreams(_ name: String) -> Bool {
    secureTable.contains { $0.name == name }
  }

  static let secureTable: [SettingEntry] = [
    .file(
      "tls_certificate", \.tlsCertificate, like: "/etc/rcml/pbx.example.pem", "T-8",
      "Our certificate for SIP over TLS, and behind it those that lead to its authority; a tls: "
        + "listener needs it. Setting it again reads it again."),
    .file(
      "tls_key", \.tlsKey, like: "/etc/rcml/pbx.example.key", "T-8",
      "The private key of tls_certificate, without a passphrase; nothing = it stands in the same "
        + "file."),
    .file(
      "tls_ca", \.tlsAuthorities, like: "/etc/rcml/authorities.pem", "T-8",
      "The authorities that peers of SIP are trusted by, a file or a folder; nothing = those of the "
        + "system."),
    .file(
      "tls_crl", \.tlsRevoked, like: "/etc/rcml/revoked.pem", "T-8",
      "Lists of revoked certificates (CRL); a peer that stands in one is refused."),
    .flag(
      "sip_tls_verify", \.sipTLSVerify, "T-8",
      "Servers that are called by SIP over TLS prove that they are the domain that was dialled; "
        + "false is for tests alone."),
    .choice(
      "tls_verify_clients", \.tlsVerifyClients, "T-8",
      "Whether those who connect to a tls: listener are asked for a certificate, or must show one; "
        + "a bad one is refused."),
    .file(
      "tls_keylog", \.tlsKeylog, like: "/tmp/rcml.keys", "T-9",
      "The keys of each TLS session are appended to this file for Wireshark; whoever has it reads "
        + "what was said."),
  ]
}
