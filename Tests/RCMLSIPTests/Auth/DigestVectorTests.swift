import Foundation
import RCMLBasics
import Testing

@testable import RCMLSIP

@Suite struct DigestVectorTests {
  struct Vector: CustomTestStringConvertible {
    var cells: [String: String]
    subscript(name: String) -> String { cells[name] ?? "" }
    func octets(_ name: String) -> [UInt8] { Array(self[name].utf8) }
    var testDescription: String { self["name"] }
  }

  static let vectors: [Vector] = {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = tests.appending(path: "Corpus/digest/vectors.tsv")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    let lines = text.split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    guard let header = lines.first else { return [] }
    return lines.dropFirst().map {
      Vector(cells: Dictionary(uniqueKeysWithValues: zip(header, $0)))
    }
  }()

  func response(
    _ algorithm: DigestAlgorithm, _ quality: QualityOfProtection, _ credentials: Credentials,
    realm: String, nonce: String, method: String, uri: String, count: String, cnonce: String,
    body: String = ""
  ) -> String {
    DigestComputation(
      algorithm: algorithm, quality: quality, realm: Array(realm.utf8), nonce: Array(nonce.utf8),
      cnonce: Array(cnonce.utf8), count: Array(count.utf8)
    ).response(
      credentials, method: Array(method.utf8), uri: Array(uri.utf8), body: Array(body.utf8)
    )?.text ?? "no libcrypto"
  }

  @Test func allPublishedVectorsAreThere() {
    #expect(Self.vectors.count == 13)
  }

  @Test(arguments: vectors) func publishedResponses(_ vector: Vector) throws {
    let algorithm = try #require(DigestAlgorithm(vector.octets("algorithm")[...]))
    let quality: QualityOfProtection =
      switch vector["qop"] {
      case "auth": .auth
      case "auth-int": .authInt
      default: .none
      }
    let found = response(
      algorithm, quality,
      Credentials(username: vector["username"], password: vector["password"]),
      realm: vector["realm"], nonce: vector["nonce"], method: vector["method"],
      uri: vector["uri"], count: vector["nc"], cnonce: vector["cnonce"],
      body: vector["body"].replacingOccurrences(of: "\\r\\n", with: "\r\n"))
    #expect(found == vector["response"])
  }

  /// Spec §18.3, A-9.
  @Test(arguments: [
    ("MD5", false, "1bceecb5d386e506f92f900589a947f3"),
    ("MD5", true, "0130094d3b7ae7a8d65f1f087736c5f3"),
    ("SHA-256", false, "031550d852b3d04936488a875f4773494866d1bd6f266fd9c24fa5c003130a17"),
    ("SHA-256", true, "4b5b18eaedc8147deca21522b58386b83cfd82c116fc0e626a3e5cd850554e45"),
    ("SHA-512-256", true, "a65a691bd39abb825249959cb421363717eaff99809d35615a802f035389883f"),
  ])
  func theResponsesOfTheSpecification(
    _ name: String, _ isProtected: Bool, _ expected: String
  ) throws {
    let algorithm = try #require(DigestAlgorithm(Array(name.utf8)[...]))
    let found = response(
      algorithm, isProtected ? .auth : .none, Credentials(username: "alice", password: "secret"),
      realm: "example.com", nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093", method: "INVITE",
      uri: "sip:alice@example.com;transport=tcp", count: "00000001", cnonce: "0a4f113b")
    #expect(found == expected)
  }
}
