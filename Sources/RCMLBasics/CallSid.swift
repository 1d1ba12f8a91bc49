/// The name of a call or a leg in documents and webhooks: `CA` and 32 lower-case hex digits (spec P-1).
package struct CallSid: Hashable, Sendable, CustomStringConvertible {
  package var high: UInt64
  package var low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  package init(from random: inout RandomSource) {
    self.init(high: random.next(), low: random.next())
  }

  package var description: String { String(decoding: octets, as: UTF8.self) }

  package var octets: [UInt8] {
    var writer = ByteWriter(capacity: 34)
    writer.append("CA")
    writer.appendHex(high)
    writer.appendHex(low)
    return writer.finish()
  }
}
