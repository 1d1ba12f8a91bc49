import RCMLBasics
import Testing

/// Where packets to a party leave from, by what it was told and by what is known of the way.
struct OwnAddressTests {
  private static let one = SocketAddress(ipv4: 0x0a00_0005, port: 5060)
  private static let two = SocketAddress(ipv4: 0x0a00_0006, port: 5070)
  private static let outside = SocketAddress(ipv4: 0xcb00_7101, port: 0)
  private static let wildcard = SocketAddress(ipv4: 0, port: 5060)

  private static func host(_ address: SocketAddress?) -> SocketAddress? {
    var address = address
    address?.port = 0
    return address
  }

  /// This machine has 10.0.0.5 and 10.0.0.6.
  @Test(
    arguments: [
      // shown, local, source
      (one, one, one), (one, nil, one), (one, two, one), (nil, two, two), (outside, two, two),
      (outside, nil, nil), (nil, nil, nil), (outside, wildcard, nil), (wildcard, two, two),
      (wildcard, wildcard, nil),
    ] as [(SocketAddress?, SocketAddress?, SocketAddress?)])
  func itIsWhatIsShownWhereThatIsOursAndElseWhatTheSignallingGoesBy(
    shown: SocketAddress?, local: SocketAddress?, source: SocketAddress?
  ) {
    let own = OwnAddress(shown: shown, local: local)
    let ours = [Self.one, Self.two].map(Self.host)
    #expect(own.source { ours.contains($0) } == Self.host(source))
  }

  @Test func nobodyIsAskedWhereBothAreTheSame() {
    var asked = 0
    let own = OwnAddress(shown: Self.one, local: Self.one)
    _ = own.source { _ in
      asked += 1
      return true
    }
    #expect(asked == 0)
  }

  // A text names no interface, and a listener's address has one.
  @Test func anAddressOfALinkKeepsItsInterface() {
    let shown = SocketAddress(ipv6High: 0xfe80 << 48, low: 5, port: 0)
    let local = SocketAddress(ipv6High: 0xfe80 << 48, low: 5, port: 0, scope: 3)
    #expect(OwnAddress(shown: shown, local: local).source { _ in false } == local)
  }
}
