import RCMLBasics
import Testing

/// U-67: which addresses nobody outside their own network can send to.
@Test func anAddressOfAnInnerNetworkIsKnown() {
  let inner = [
    "10.0.0.0", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.1.1",
    "100.64.0.0", "100.127.255.255", "fe80::1", "febf::1", "fc00::1", "fdff::1",
    "::ffff:10.0.0.1", "::ffff:192.168.4.4",
  ]
  let outer = [
    "9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
    "169.253.255.255", "169.255.0.0", "100.63.255.255", "100.128.0.0", "127.0.0.1", "0.0.0.0",
    "203.0.113.7", "fec0::1", "fe7f::1", "fbff::1", "fe00::1", "2001:db8::1", "::1", "::",
    "::ffff:203.0.113.7", "64:ff9b::a00:1",
  ]
  for (addresses, isInner) in [(inner, true), (outer, false)] {
    for text in addresses {
      let address = SocketAddress.read(host: Array(text.utf8)[...], port: 1)
      #expect(address?.isOfInnerNetwork == isInner, "\(text)")
    }
  }
}

@Test func oneMachineIsOneAddressWhateverThePort() {
  let one = SocketAddress(ipv4: 0x0a00_0001, port: 1)
  #expect(one.isHost(of: SocketAddress(ipv4: 0x0a00_0001, port: 2)))
  #expect(!one.isHost(of: SocketAddress(ipv4: 0x0a00_0002, port: 1)))
  #expect(!one.isHost(of: SocketAddress(ipv6High: 0, low: 0x0a00_0001, port: 1)))
  let link = SocketAddress(ipv6High: 0xfe80 << 48, low: 1, port: 1, scope: 2)
  #expect(!link.isHost(of: SocketAddress(ipv6High: 0xfe80 << 48, low: 1, port: 1, scope: 3)))
  #expect(link.isHost(of: SocketAddress(ipv6High: 0xfe80 << 48, low: 1, port: 9)))
}

// An SDP names no interface: it is that of the signalling, so that packets from there are those of the named address.
@Test func aLinkLocalAddressOfAnSDPIsOnTheInterfaceOfTheSignalling() {
  let named = SocketAddress(ipv6High: 0xfe80 << 48, low: 1, port: 4_000)
  let peer = SocketAddress(ipv6High: 0xfe80 << 48, low: 1, port: 5_060, scope: 2)
  #expect(named.onInterface(of: peer).scope == 2)
  #expect(named.onInterface(of: peer).port == 4_000)
  let global = SocketAddress(ipv6High: 0x2001_0db8 << 32, low: 1, port: 4_000)
  #expect(global.onInterface(of: peer) == global)
  #expect(named.onInterface(of: global) == named)
}

// U-64: who has an address of the same block is taken for a machine of the same network.
@Test func addressesOfOneInnerBlockShareANetwork() {
  func read(_ text: String) -> SocketAddress {
    SocketAddress.read(host: Array(text.utf8)[...], port: 1) ?? SocketAddress(ipv4: 0, port: 0)
  }
  let shared = [
    ("10.0.0.1", "10.200.0.1"), ("172.16.0.1", "172.31.0.1"), ("192.168.0.1", "192.168.255.1"),
    ("169.254.0.1", "169.254.9.9"), ("100.64.0.1", "100.127.0.1"), ("fd00::1", "fc00::1"),
    ("fe80::1", "fe80::2"), ("::ffff:10.0.0.1", "10.1.1.1"),
  ]
  let apart = [
    ("10.0.0.1", "192.168.0.1"), ("10.0.0.1", "172.16.0.1"), ("100.64.0.1", "10.0.0.1"),
    ("169.254.0.1", "fe80::1"), ("fd00::1", "fe80::1"), ("203.0.113.1", "203.0.113.1"),
    ("10.0.0.1", "203.0.113.1"), ("203.0.113.1", "10.0.0.1"),
  ]
  for (pairs, isShared) in [(shared, true), (apart, false)] {
    for (one, other) in pairs {
      #expect(read(one).sharesInnerNetwork(with: read(other)) == isShared, "\(one) \(other)")
    }
  }
}
