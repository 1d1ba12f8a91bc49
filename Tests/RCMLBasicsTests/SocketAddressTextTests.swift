import RCMLBasics
import Testing

/// Addresses in and out (RFC 5952 for IPv6).
struct SocketAddressTextTests {
  private func read(_ text: String) -> SocketAddress? {
    SocketAddress.read(host: Array(text.utf8)[...], port: 5060)
  }

  @Test(arguments: [
    ("192.0.2.1", "192.0.2.1:5060"), ("0.0.0.0", "0.0.0.0:5060"),
    ("255.255.255.255", "255.255.255.255:5060"), ("::", "[::]:5060"), ("::1", "[::1]:5060"),
    ("1::", "[1::]:5060"), ("[2001:DB8::10]", "[2001:db8::10]:5060"),
    ("2001:db8:0:0:1:0:0:1", "[2001:db8::1:0:0:1]:5060"),
    ("2001:db8:0:1:1:1:1:1", "[2001:db8:0:1:1:1:1:1]:5060"),
    ("2001:0:0:1:0:0:0:1", "[2001:0:0:1::1]:5060"), ("::ffff:192.0.2.10", "[::ffff:c000:20a]:5060"),
    ("1:2:3:4:5:6:7:8", "[1:2:3:4:5:6:7:8]:5060"), ("1:2:3:4:5:6:7::", "[1:2:3:4:5:6:7:0]:5060"),
    ("1:2:3:4:5:6:192.0.2.1", "[1:2:3:4:5:6:c000:201]:5060"),
  ])
  func anAddressIsWrittenInItsShortestForm(text: String, written: String) {
    #expect(read(text).map { String(decoding: $0.hostPortText, as: UTF8.self) } == written)
  }

  @Test(arguments: [
    "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "1..2.3", ".1.2.3", "a.b.c.d",
    ":", ":::",
    "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1::", "12345::", "g::", "1:",
    ":1", "[]",
    "[192.0.2.1]", "[::1", "::1]", "fe80::1%eth0", "1:2:3:4:5:6:7:192.0.2.1", "::1.2.3",
    "99999999999999999999.1.1.1", "example.com",
  ])
  func whatIsNoAddressIsNotRead(text: String) {
    #expect(read(text) == nil)
  }

  @Test func whatIsWrittenReadsBack() {
    var random = RandomSource(seed: 7)
    for _ in 0..<2_000 {
      let mask = random.next()
      let address = SocketAddress(
        ipv6High: random.next() & mask, low: random.next() & random.next() & ~mask, port: 5060)
      #expect(SocketAddress.read(host: address.addressText[...], port: 5060) == address)
    }
  }
}
