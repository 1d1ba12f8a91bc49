/// Who may call, and say which document runs: `--trust`.
struct TrustedPeers {
  private let ranges: [AddressRange]

  init(_ options: Options) throws(Problem) {
    var ranges: [AddressRange] = []
    for text in options.all("trust") {
      guard let range = AddressRange(text) else {
        throw .usage(
          "--trust \(text): an address is needed, or one with a number of bits: 192.0.2.0/24.")
      }
      ranges.append(range)
    }
    self.ranges = ranges
  }

  /// Nobody was named: anybody may call, and nobody is believed.
  var isEmpty: Bool { ranges.isEmpty }

  /// `peer` as an event has it: `udp:192.0.2.7:5060`, `tcp:[2001:db8::1]:5060`.
  func contains(_ peer: String) -> Bool {
    guard let start = peer.firstIndex(of: ":"), let end = peer.lastIndex(of: ":"), start < end
    else { return false }
    var host = peer[peer.index(after: start)..<end]
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard let address = AddressRange.octets(of: String(host)) else { return false }
    return ranges.contains { $0.contains(address) }
  }
}
