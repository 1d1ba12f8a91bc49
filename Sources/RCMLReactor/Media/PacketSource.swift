import CSystem
import RCMLBasics

/// Where the packets of one stream leave from, as its sockets want it. The kernel reads it with each packet that is sent,
/// so it stays where it is as long as the stream does.
struct PacketSource {
  private let storage: UnsafeMutablePointer<system_source>
  private let isIPv4: Bool
  private let isLinkLocal: Bool

  /// `takesIPv6`: the sockets are those of [::].
  init?(_ address: SocketAddress, takesIPv6: Bool) {
    guard takesIPv6 || address.isIPv4 else { return nil }
    storage = .allocate(capacity: 1)
    isIPv4 = address.isIPv4
    isLinkLocal = address.isLinkLocal
    var wanted = takesIPv6 ? address.mapped : address.system
    system_source_set(storage, &wanted)
  }

  /// Toward a party at `remote`; nil: the kernel is to choose.
  init?(_ own: OwnAddress?, toward remote: SocketAddress?, takesIPv6: Bool) {
    guard let source = own?.source(isOurs: PacketSource.isOurs) else { return nil }
    // From ::1 the kernel would send to other machines, too, where nobody takes it. Of 127.0.0.0/8 it says so itself.
    if !source.isIPv4, source.isLoopback {
      guard let remote, PacketSource.isOurs(remote) else { return nil }
    }
    self.init(source, takesIPv6: takesIPv6)
  }

  func free() { storage.deallocate() }

  /// The kernel knows.
  private static func isOurs(_ address: SocketAddress) -> Bool {
    var address = address.system
    return system_address_is_local(&address)
  }

  /// Nil: a packet to that address leaves from wherever its way begins.
  @inline(__always)
  func source(toward address: SocketAddress) -> UnsafeMutablePointer<system_source>? {
    isIPv4 == address.isIPv4 && (!isLinkLocal || address.isLinkLocal) ? storage : nil
  }

  /// False: a packet was refused because of it, and went without.
  var isUsed: Bool { storage.pointee.length > 0 }
}
