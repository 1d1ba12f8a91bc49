/// Where a call is made from that nobody said an address for: not where all the world could call, if it can be helped.
enum OwnAddress {
  /// Loopback for a party on this machine, else every address, because only the way there tells which one is right.
  static func listeners(toReach party: String) -> [String] {
    let host = host(of: party)
    let isIPv6 = host.hasPrefix("[")
    let own =
      isLoopback(party) ? (isIPv6 ? "[::1]" : "127.0.0.1") : (isIPv6 ? "[::]" : "0.0.0.0")
    return ["udp:\(own):0", "tcp:\(own):0"]
  }

  static func isLoopback(_ party: String) -> Bool {
    let host = host(of: party)
    return host == "localhost" || host == "[::1]" || isLoopbackAddress(host)
  }

  private static func isLoopbackAddress(_ host: String) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return parts.count == 4 && parts[0] == 127 && !parts.contains(nil)
  }

  /// Between the user and the port, the parameters or the headers (RFC 3261 §25.1), in lower case.
  private static func host(of party: String) -> String {
    var rest = party[...]
    if let colon = rest.firstIndex(of: ":"),
      ["sip", "sips"].contains(rest[..<colon].lowercased())
    {
      rest = rest[rest.index(after: colon)...]
    }
    if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
    if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") { return rest[...end].lowercased() }
    return rest.prefix { !":;?".contains($0) }.lowercased()
  }
}
