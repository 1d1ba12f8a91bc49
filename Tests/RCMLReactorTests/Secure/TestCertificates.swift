import Foundation
import RCMLBasics
import Testing

/// Certificates that a script makes with openssl, once for all tests of the process.
struct TestCertificates {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    /// The domain or address that is dialled.
    let dialled: String
    /// `good`, or the name that the catalogue has for the failure.
    let outcome: String
    let chain: String
    let key: String
    /// Of `openssl s_server`.
    let arguments: [String]

    var testDescription: String { name }
  }

  let folder: String
  let cases: [Case]

  static let all = TestCertificates()

  var authorities: String { folder + "/authorities.pem" }
  var revoked: String { folder + "/revoked.crl.pem" }
  func chain(_ name: String) -> String { "\(folder)/\(name).pem" }
  var key: String { folder + "/leaf.key" }

  private init() {
    folder = NSTemporaryDirectory() + "rcml-certificates-\(getpid())"
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Certificates/make.py").standardized.path
    if let maker = Program(["python3", script, folder]) { maker.wait() }
    let table = (try? String(contentsOfFile: folder + "/cases.tsv", encoding: .utf8)) ?? ""
    cases = table.split(separator: "\n").map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return Case(
        name: fields[0], dialled: fields[1], outcome: fields[2], chain: fields[3], key: fields[4],
        arguments: fields[5].split(separator: " ").map(String.init))
    }
    atexit { try? FileManager.default.removeItem(atPath: TestCertificates.all.folder) }
  }
}
