import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLSIP

/// The defaults of spec §16 until the settings themselves carry them.
extension Settings {
  var sipAddressFormat: CallPolicy.AddressFormat { .auto }
  var fromDomain: String { "" }
  var trustDomain: Bool { false }
  var passDiversion: Bool { false }
  var transportLog: Bool { false }
  var drainTimeout: Interval { .seconds(10) }
  var callbackTimeout: Interval { .seconds(10) }
  var callbackRetries: Int { 2 }
  var httpTimeout: Interval { .seconds(15) }
  var httpConnectTimeout: Interval { .seconds(5) }
  var httpRetries: Int { 1 }
  var httpRetryOn: String { "ct" }
  var maxDocumentBytes: Int { 65536 }
  var httpBlockPrivate: Bool { false }
  var tlsVerify: Bool { true }
  var idempotencyHeader: String { "Idempotency-Key" }
}
extension Settings {
  mutating func set(_ n: String, _ v: String) -> Result<Void, Refusal> { .success(()) }
}
