/// `openssl s_server`, another TLS than ours.
final class OpenSSLServer {
  let port: UInt16
  private let program: Program?

  init(_ one: TestCertificates.Case) {
    program = Program(
      [
        "openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", one.chain, "-cert_chain",
        one.chain, "-key", one.key,
      ] + one.arguments)
    let line = program?.read(until: "ACCEPT").split(separator: "\n").last ?? ""
    port = line.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
  }

  deinit { program?.end() }
}
