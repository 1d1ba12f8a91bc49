/// The name of a call or a leg in documents and webhooks: `CA` and 32 lower-case hex digits (spec P-1).
public struct CallSid: Hashable, Sendable, CustomStringConvertible {
  public var high: UInt64
  public var low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  public init(from random: inout RandomSource) {
    self.init(high: random.next(), low: random.next())
  }

  public var description: String { String(decoding: octets, as: UTF8.self) }

  public var octets: [UInt8] {
    var writer = ByteWriter(capacity: 34)
    writer.append("CA")
    writer.appendHex(high)
    writer.appendHex(low)
    return writer.finish()
  }
}
