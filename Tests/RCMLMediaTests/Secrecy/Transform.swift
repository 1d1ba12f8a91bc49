import CSecureRTP

/// The transform by itself: octets in hexadecimal, and results as octets.
final class Transform {
  private let handle: OpaquePointer

  /// Nil: this machine cannot compute the suite.
  init?(_ suite: Int, key: [UInt8]) {
    guard let handle = secure_rtp_create(Int32(suite), key) else { return nil }
    self.handle = handle
  }

  deinit { secure_rtp_destroy(handle) }

  /// For RTP and RTCP, as the examples of the RFCs give them.
  func useSessionKeys(_ key: [UInt8], _ authentication: [UInt8] = [], _ salt: [UInt8]) {
    let authentication = authentication + [UInt8](repeating: 0, count: 20)
    for isControl in [false, true] {
      _ = secure_rtp_use_session_keys(handle, isControl, key, authentication, salt)
    }
  }

  func expectIdentifier(_ length: UInt8) { secure_rtp_expect_identifier(handle, length) }

  /// Nil: refused.
  func protected(_ packet: [UInt8], isControl: Bool = false, room: Int = 64) -> [UInt8]? {
    changed(packet + [UInt8](repeating: 0, count: room)) { octets in
      isControl
        ? secure_rtp_protect_control(handle, octets, packet.count, packet.count + room)
        : secure_rtp_protect(handle, octets, packet.count, packet.count + room)
    }
  }

  func unprotected(_ packet: [UInt8], isControl: Bool = false) -> [UInt8]? {
    changed(packet) { octets in
      isControl
        ? secure_rtp_unprotect_control(handle, octets, packet.count)
        : secure_rtp_unprotect(handle, octets, packet.count)
    }
  }

  /// Why it was refused; its length if it was not.
  func verdict(on packet: [UInt8]) -> Int {
    var packet = packet
    let count = packet.count
    return packet.withUnsafeMutableBufferPointer {
      secure_rtp_unprotect(handle, $0.baseAddress, count)
    }
  }

  private func changed(
    _ packet: [UInt8], _ body: (UnsafeMutablePointer<UInt8>?) -> Int
  ) -> [UInt8]? {
    var packet = packet
    let count = packet.withUnsafeMutableBufferPointer { body($0.baseAddress) }
    return count < 0 ? nil : Array(packet[..<count])
  }

  static func octets(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.filter { !$0.isWhitespace }
    var octets: [UInt8] = []
    var place = digits.startIndex
    while place < digits.endIndex,
      let end = digits.index(place, offsetBy: 2, limitedBy: digits.endIndex)
    {
      octets.append(UInt8(digits[place..<end], radix: 16) ?? 0)
      place = end
    }
    return octets
  }

  static func packet(
    _ sequence: Int, source: UInt8 = 1, payload: [UInt8] = Array(0..<160)
  ) -> [UInt8] {
    [
      0x80, 0, UInt8(truncatingIfNeeded: sequence >> 8), UInt8(truncatingIfNeeded: sequence),
      0, 0, 0, 0, 0, 0, 0, source,
    ] + payload
  }
}
