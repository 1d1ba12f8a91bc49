import RCMLBasics

/// Everything the agent sent to SIP peers, by instant and octet: as one number, and in full where it is asked for.
package struct SipTrace: Sendable {
  package struct Line: Hashable, Sendable {
    package var instant: Instant
    package var destination: SocketAddress?
    package var bytes: [UInt8]
  }

  /// Keeps lines, and not only their digest.
  var isFull = false
  package private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325
  package private(set) var count = 0
  package private(set) var lines: [Line] = []

  mutating func note(_ instant: Instant, _ destination: SocketAddress?, _ bytes: [UInt8]) {
    count += 1
    if isFull { lines.append(Line(instant: instant, destination: destination, bytes: bytes)) }
    mix(instant.nanoseconds)
    mix(destination.map { $0.low ^ UInt64($0.port) << 48 } ?? 0)
    for byte in bytes { mix(UInt64(byte)) }
  }

  private mutating func mix(_ value: UInt64) {
    digest = (digest ^ value) &* 0x0000_0100_0000_01b3
  }
}
