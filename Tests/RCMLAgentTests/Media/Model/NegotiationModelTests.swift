import Foundation
import Testing

/// Spec U-50 … U-54: whatever phones do, each dialog is told what RFC 3264 and RFC 3261 §14 want it to be told.
@Suite struct NegotiationModelTests {
  /// `RCML_SEQUENCES=100000 Scripts/test RCMLAgent` plays more of them.
  private static let count =
    ProcessInfo.processInfo.environment["RCML_SEQUENCES"].flatMap { UInt64($0) } ?? 10_000

  @Test func everyDescriptionIsTheOneThatTheStandardsWant() {
    var failures = 0
    for seed in 0..<Self.count where failures < 5 {
      var model = NegotiationModel(seed: seed)
      guard let failure = model.run(Int(8 + seed % 24)) else { continue }
      failures += 1
      Issue.record("sequence \(seed): \(failure)")
    }
  }
}
