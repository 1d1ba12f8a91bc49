import RCMLBasics

/// What every exchange of an agent has in common (spec H-5, H-7, H-24, Y-4, G-3).
struct WebSettings: Hashable {
  var userAgent: [UInt8] = Array("librcml".utf8)
  var idempotencyHeader: [UInt8] = Array("Idempotency-Key".utf8)
  var bodyLimit = 65_536
  var blocksPrivateAddresses = false
  var verifiesTLS = true
}
