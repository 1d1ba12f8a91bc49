import CSystem
import RCMLBasics

extension SocketAddress {
  init(_ address: system_address) {
    if address.family == 4 {
      self.init(ipv4: UInt32(truncatingIfNeeded: address.low), port: address.port)
    } else {
      self.init(
        ipv6High: address.high, low: address.low, port: address.port, scope: address.scope)
    }
  }

  var system: system_address {
    system_address(high: high, low: low, scope: scope, port: port, family: isIPv4 ? 4 : 6)
  }

  /// Asked for each packet: `==` would be a call.
  @inline(__always)
  var isIPv4: Bool { if case .ipv4 = family { true } else { false } }

  /// As a socket of both families says it: an IPv4 peer comes as ::ffff:0:0/96 and is plain IPv4 for everybody else.
  init(unmapping address: system_address) {
    if address.family == 6, address.high == 0, address.low >> 32 == 0xffff {
      self.init(ipv4: UInt32(truncatingIfNeeded: address.low), port: address.port)
    } else {
      self.init(address)
    }
  }

  /// As a socket of both families wants it.
  @inline(__always)
  var mapped: system_address {
    isIPv4
      ? system_address(high: 0, low: 0xffff << 32 | low, scope: 0, port: port, family: 6) : system
  }
}

/// The kernel's sentence for an error number, in English whatever the locale.
func errorText(_ code: Int32) -> String {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { room in
    guard let base = room.baseAddress else { return "error \(code)" }
    return String(cString: system_error_text(code, base, room.count))
  }
}
