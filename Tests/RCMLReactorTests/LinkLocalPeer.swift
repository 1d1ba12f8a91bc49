import Glibc
import RCMLBasics

/// A UDP socket at an address of fe80::/10 of this machine.
final class LinkLocalPeer {
  private let socket: Int32
  private var name = sockaddr_in6()

  /// Nil: it has none.
  init?() {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return nil }
    defer { freeifaddrs(list) }
    var next = list
    var found: sockaddr_in6?
    while let entry = next?.pointee {
      next = entry.ifa_next
      guard let address = entry.ifa_addr, Int32(address.pointee.sa_family) == AF_INET6 else {
        continue
      }
      let candidate = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { $0.pointee }
      let isLinkLocal = withUnsafeBytes(of: candidate.sin6_addr) {
        $0[0] == 0xfe && $0[1] & 0xc0 == 0x80
      }
      if isLinkLocal { found = candidate }
    }
    guard let found else { return nil }
    socket = Glibc.socket(AF_INET6, Int32(SOCK_DGRAM.rawValue), 0)
    name = found
    name.sin6_port = 0
    guard socket >= 0 else { return nil }
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let isBound = withUnsafeMutablePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
      }
    }
    guard isBound else { return nil }
    var limit = timeval(tv_sec: 2, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { if socket >= 0 { close(socket) } }

  var address: SocketAddress {
    withUnsafeBytes(of: name.sin6_addr) { octets in
      func half(_ range: Range<Int>) -> UInt64 { octets[range].reduce(0) { $0 << 8 | UInt64($1) } }
      return SocketAddress(
        ipv6High: half(0..<8), low: half(8..<16), port: UInt16(bigEndian: name.sin6_port),
        scope: name.sin6_scope_id)
    }
  }

  /// To that port of the same address.
  func send(_ octets: [UInt8], to port: UInt16) {
    var target = name
    target.sin6_port = port.bigEndian
    withUnsafePointer(to: &target) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = sendto(
          socket, octets, octets.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
      }
    }
  }

  /// Nil: nothing came in two seconds.
  func receive() -> [UInt8]? {
    var room = [UInt8](repeating: 0, count: 2_048)
    let count = recv(socket, &room, room.count, 0)
    return count < 0 ? nil : Array(room[..<count])
  }
}
