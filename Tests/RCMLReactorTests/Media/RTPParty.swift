import Glibc
import RCMLBasics
import RCMLMedia

@testable import RCMLReactor

/// A party's telephone: one real UDP socket of a loopback address.
final class RTPParty {
  let socket: Int32
  let address: SocketAddress
  private var sequence: UInt16 = 100
  private var timestamp: UInt32 = 5_000

  /// Nil: this machine does not speak that family. `host`: of 127.0.0.0/8.
  init?(isIPv6: Bool = false, host: UInt32 = 0x7f00_0001) {
    socket = Glibc.socket(
      isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    guard socket >= 0 else { return nil }
    var port: UInt16 = 0
    if isIPv6 {
      var name = sockaddr_in6()
      name.sin6_family = sa_family_t(AF_INET6)
      name.sin6_addr = in6addr_loopback
      guard RTPParty.bind(socket, &name) else { return nil }
      port = UInt16(bigEndian: name.sin6_port)
      address = SocketAddress(ipv6High: 0, low: 1, port: port)
    } else {
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_addr.s_addr = host.bigEndian
      guard RTPParty.bind(socket, &name) else { return nil }
      port = UInt16(bigEndian: name.sin_port)
      address = SocketAddress(ipv4: host, port: port)
    }
  }

  deinit { close(socket) }

  /// A socket of another program at that port; nil = it is taken.
  static func at(port: UInt16) -> Int32? {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    if socket >= 0, bind(socket, &name) { return socket }
    close(socket)
    return nil
  }

  private static func bind<Name>(_ socket: Int32, _ name: inout Name) -> Bool {
    withUnsafeMutablePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
        var length = socklen_t(MemoryLayout<Name>.size)
        return Glibc.bind(socket, name, length) == 0 && getsockname(socket, name, &length) == 0
      }
    }
  }

  /// To `port` of the loopback address, or of another one of 127.0.0.0/8.
  func send(_ octets: [UInt8], to port: UInt16, of host: UInt32 = 0x7f00_0001) {
    if address.family == .ipv6 {
      var name = sockaddr_in6()
      name.sin6_family = sa_family_t(AF_INET6)
      name.sin6_addr = in6addr_loopback
      name.sin6_port = port.bigEndian
      RTPParty.send(socket, octets, &name)
    } else {
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_addr.s_addr = host.bigEndian
      name.sin_port = port.bigEndian
      RTPParty.send(socket, octets, &name)
    }
  }

  private static func send<Name>(_ socket: Int32, _ octets: [UInt8], _ name: inout Name) {
    withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
        _ = sendto(socket, octets, octets.count, 0, name, socklen_t(MemoryLayout<Name>.size))
      }
    }
  }

  /// The next packet of this party's audio, or of its keys.
  func speak(
    _ payload: [UInt8], type: UInt8 = 0, to port: UInt16, of host: UInt32 = 0x7f00_0001,
    isSameMoment: Bool = false
  ) {
    sequence &+= 1
    if !isSameMoment { timestamp &+= 160 }
    var packet = [UInt8](repeating: 0, count: 12)
    let header = RTPHeader(
      payloadType: type, marker: false, sequence: sequence, timestamp: timestamp, source: 0xabcd)
    packet.withUnsafeMutableBytes { _ = header.write(to: $0) }
    send(packet + payload, to: port, of: host)
  }

  /// What has come, nil = nothing yet.
  func receive() -> [UInt8]? {
    var room = [UInt8](repeating: 0, count: 2_048)
    let count = recv(socket, &room, room.count, 0)
    return count < 0 ? nil : Array(room[..<count])
  }

  /// Where the next packet came from, which is taken; nil = nothing has come yet.
  func receiveSource() -> SocketAddress? {
    var room = [UInt8](repeating: 0, count: 2_048)
    var name = sockaddr_in6()
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    return withUnsafeMutablePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
        recvfrom(socket, &room, room.count, 0, name, &length) < 0 ? nil : RTPParty.address(name)
      }
    }
  }

  private static func address(_ name: UnsafePointer<sockaddr>) -> SocketAddress {
    if Int32(name.pointee.sa_family) == AF_INET {
      return name.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        SocketAddress(
          ipv4: UInt32(bigEndian: $0.pointee.sin_addr.s_addr),
          port: UInt16(bigEndian: $0.pointee.sin_port))
      }
    }
    return name.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { name in
      withUnsafeBytes(of: name.pointee.sin6_addr) { octets in
        SocketAddress(
          ipv6High: UInt64(bigEndian: octets.loadUnaligned(as: UInt64.self)),
          low: UInt64(bigEndian: octets.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
          port: UInt16(bigEndian: name.pointee.sin6_port))
      }
    }
  }

  /// An address of IPv6 of this machine besides ::1 that has no scope; nil = it has none.
  static var otherIPv6: SocketAddress? {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return nil }
    defer { freeifaddrs(list) }
    var next = list
    while let entry = next?.pointee {
      next = entry.ifa_next
      guard let name = entry.ifa_addr, Int32(name.pointee.sa_family) == AF_INET6 else { continue }
      let found = address(name)
      if !found.isLinkLocal, !found.isLoopback { return found }
    }
    return nil
  }
}

extension Rig {
  /// Opens a stream and describes it as one with `party`; its port.
  func open(
    _ id: UInt64, with party: RTPParty, _ change: (inout StreamDescription) -> Void = { _ in }
  ) throws -> UInt16? {
    try say(.media(.open(MediaID(id))))
    let port = try hear { heard -> UInt16? in
      if case .media(.opened(MediaID(id), let port)) = heard { return port }
      return nil
    }
    var description = StreamDescription()
    description.remote = party.address
    description.incoming = [.init(0, .pcmu), .init(101, .telephoneEvent(rate: 8_000))]
    description.outgoing = description.incoming
    change(&description)
    try say(.media(.describe(MediaID(id), description)))
    return port
  }

  /// Turns the loop until the party got something; at most some seconds.
  func receive(_ party: RTPParty) throws -> [UInt8]? {
    for _ in 0..<250 {
      if let packet = party.receive() { return packet }
      try reactor.wait(milliseconds: 20)
    }
    return nil
  }

  /// Where the next packet to the party comes from.
  func receiveSource(_ party: RTPParty) throws -> SocketAddress? {
    for _ in 0..<250 {
      if let source = party.receiveSource() { return source }
      try reactor.wait(milliseconds: 20)
    }
    return nil
  }

  /// Turns the loop for so long, whatever happens meanwhile.
  func turn(milliseconds: Int) throws {
    let end = Reactor.clock() + .milliseconds(milliseconds)
    while Reactor.clock() < end {
      try reactor.wait(milliseconds: Int64((end - Reactor.clock()).wholeMilliseconds + 1))
    }
  }

  /// Whether the loop, left alone, sleeps: nothing it watches is ready again and again.
  func sleeps() throws -> Bool {
    try turn(milliseconds: 50)
    let begin = Reactor.clock()
    try reactor.wait(milliseconds: 50)
    return Reactor.clock() - begin >= .milliseconds(40)
  }

  /// The next event of media that `pick` takes.
  func media<Found>(_ pick: (MediaEvent) -> Found?) throws -> Found? {
    try hear { heard in
      if case .media(let event) = heard { return pick(event) }
      return nil
    }
  }

  /// Turns the loop until exactly this was told; at most some seconds.
  func told(_ event: MediaEvent) throws -> Bool {
    try media { $0 == event ? true : nil } ?? false
  }
}
