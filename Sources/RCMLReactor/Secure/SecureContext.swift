import CTLS
import RCMLAgent
import RCMLBasics
import RCMLDocument

/// Certificates, key and authorities as they were last read, and when they are to be read again: when a setting of them is
/// set, or a file has changed (spec T-9). Connections keep what they began with.
final class SecureContext {
  private var security = StreamSecurity()
  private var context: OpaquePointer?
  /// Of the files that `context` was made of.
  private var stamps: [FileStamp] = []
  private var isStale = true
  private var nextLook = Instant(nanoseconds: 0)
  /// Why the last reading failed; nil = it has not.
  private var problem: String?
  private var finding: Finding?

  private static let pause = Interval.seconds(1)

  deinit { tls_context_release(context) }

  /// `isAnew`: the files are to be read again, whatever is known of them.
  func use(_ security: StreamSecurity, isAnew: Bool) {
    guard isAnew || security != self.security else { return }
    self.security = security
    isStale = true
    nextLook = Instant(nanoseconds: 0)
  }

  /// As of now; nil = there is none, and never was.
  func current(at now: Instant) -> OpaquePointer? {
    guard now >= nextLook else { return context }
    nextLook = now + SecureContext.pause
    if isStale || stamps != readStamps() { read() }
    return context
  }

  /// nil = it can accept connections.
  func obstacle(at now: Instant) -> String? {
    guard !security.certificate.isEmpty else {
      return "there is no certificate; set tls_certificate and tls_key first"
    }
    nextLook = Instant(nanoseconds: 0)
    guard let context = current(at: now) else { return problem ?? "TLS cannot be had" }
    return tls_context_can_accept(context) ? nil : problem ?? "there is no certificate"
  }

  /// What went wrong when the files were read again, once.
  func popFinding() -> Finding? {
    defer { finding = nil }
    return finding
  }

  private func readStamps() -> [FileStamp] {
    [security.authorities, security.certificate, security.key, security.revoked].map {
      FileStamp($0)
    }
  }

  private func read() {
    // What changes while it is being read is read once more.
    let before = readStamps()
    switch SecureContext.make(security) {
    case .success(let made):
      tls_context_release(context)
      context = made
      (stamps, isStale, problem) = (before, false, nil)
    case .failure(let failure):
      if problem != failure.text {
        let outcome = context == nil ? "no connection is secured" : "those read before are used"
        finding = Finding(
          severity: .error, code: .tlsFiles, text: "\(failure.text); \(outcome).")
      }
      problem = failure.text
    }
  }

  private struct Problem: Error { var text: String }

  private static func make(_ security: StreamSecurity) -> Result<OpaquePointer, Problem> {
    var words = [CChar](repeating: 0, count: 512)
    let made = security.authorities.withCString { authorities in
      security.certificate.withCString { certificate in
        security.key.withCString { key in
          security.revoked.withCString { revoked in
            security.keylog.withCString { keylog in
              var options = tls_options(
                authorities: authorities, certificate: certificate, key: key, revoked: revoked,
                keylog: keylog, clients: clients(security.clients), verifies: security.verifies)
              return tls_context_create(&options, &words, words.count)
            }
          }
        }
      }
    }
    return made.map { .success($0) } ?? .failure(Problem(text: text(words)))
  }

  private static func clients(_ verify: Settings.VerifyClients) -> Int32 {
    switch verify {
    case .off: Int32(TLS_CLIENTS_OFF)
    case .ask: Int32(TLS_CLIENTS_ASK)
    case .require: Int32(TLS_CLIENTS_REQUIRE)
    }
  }

  private static func text(_ words: [CChar]) -> String {
    String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// What is wrong with a file that a setting names, in half a sentence; nil = nothing, by itself.
  static func problem(in path: String, of setting: String) -> String? {
    let role: Int
    switch setting {
    case "tls_ca": role = TLS_FILE_AUTHORITIES
    case "tls_certificate": role = TLS_FILE_CERTIFICATE
    case "tls_key": role = TLS_FILE_KEY
    case "tls_crl": role = TLS_FILE_REVOKED
    default: return nil
    }
    var words = [CChar](repeating: 0, count: 512)
    return path.withCString { tls_file_check(Int32(role), $0, &words, words.count) }
      ? nil : text(words)
  }
}
