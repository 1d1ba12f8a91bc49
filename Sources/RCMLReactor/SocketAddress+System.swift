import CSystem
import RCMLBasics

extension SocketAddress {
  init(_ address: system_address) {
    if address.family == 4 {
      self.init(ipv4: UInt32(truncatingIfNeeded: address.low), port: address.port)
    } else {
      self.init(ipv6High: address.high, low: address.low, port: address.port)
    }
  }

  var system: system_address {
    system_address(high: high, low: low, port: port, family: family == .ipv4 ? 4 : 6)
  }

  /// As a socket of both families says it: an IPv4 peer comes as ::ffff:0:0/96 and is plain IPv4 for everybody else.
  init(unmapping address: system_address) {
    if address.family == 6, address.high == 0, address.low >> 32 == 0xffff {
      self.init(ipv4: UInt32(truncatingIfNeeded: address.low), port: address.port)
    } else {
      self.init(address)
    }
  }

  /// As a socket of both families wants it.
  var mapped: system_address {
    family == .ipv4
      ? system_address(high: 0, low: 0xffff << 32 | low, port: port, family: 6) : system
  }

  /// `127.0.0.1` or `::1`, without brackets and port.
  package var hostText: String {
    var address = system
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { room in
      guard let base = room.baseAddress else { return "" }
      system_address_text(&address, base, room.count)
      return String(cString: base)
    }
  }

  /// `127.0.0.1:5060` or `[::1]:5060`.
  package var text: String {
    family == .ipv4 ? "\(hostText):\(port)" : "[\(hostText)]:\(port)"
  }
}

/// The kernel's sentence for an error number, in English whatever the locale.
func errorText(_ code: Int32) -> String {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { room in
    guard let base = room.baseAddress else { return "error \(code)" }
    return String(cString: system_error_text(code, base, room.count))
  }
}
