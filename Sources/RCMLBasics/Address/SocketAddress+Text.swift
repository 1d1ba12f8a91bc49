/// Addresses as SIP, SDP and people write them.
extension SocketAddress {
  /// Reads an IPv4 or IPv6 address; brackets around the latter may be there or not. Not a name, no zone, no port.
  public static func read(host: ArraySlice<UInt8>, port: UInt16) -> SocketAddress? {
    var text = host
    if text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]"), text.count > 2 {
      text = text.dropFirst().dropLast()
      guard text.contains(UInt8(ascii: ":")) else { return nil }
    }
    guard text.count <= 45 else { return nil }
    if text.contains(UInt8(ascii: ":")) {
      return readIPv6(text).map { SocketAddress(ipv6High: $0.high, low: $0.low, port: port) }
    }
    return readIPv4(text).map { SocketAddress(ipv4: $0, port: port) }
  }

  /// Four decimal numbers, each without a leading zero: some readers would take that for octal.
  private static func readIPv4(_ text: ArraySlice<UInt8>) -> UInt32? {
    var address: UInt32 = 0
    var part: UInt32 = 0
    var digits = 0
    var parts = 1
    for octet in text {
      switch octet {
      case UInt8(ascii: "."):
        guard digits > 0, parts < 4 else { return nil }
        address = address << 8 | part
        part = 0
        digits = 0
        parts += 1
      case 48...57:
        guard digits == 0 || part > 0 else { return nil }
        part = part * 10 + UInt32(octet - 48)
        digits += 1
        guard part <= 255 else { return nil }
      default: return nil
      }
    }
    return parts == 4 && digits > 0 ? address << 8 | part : nil
  }

  private static func readIPv6(_ text: ArraySlice<UInt8>) -> (high: UInt64, low: UInt64)? {
    var groups: [UInt16] = []
    var gap: Int?
    var rest = text
    if rest.starts(with: [58, 58]) {
      gap = 0
      rest = rest.dropFirst(2)
    }
    while !rest.isEmpty {
      guard groups.count < 8 else { return nil }
      let group = rest.prefix { $0 != UInt8(ascii: ":") }
      rest = rest.dropFirst(group.count)
      if rest.isEmpty, group.contains(UInt8(ascii: ".")) {
        guard groups.count <= 6, let address = readIPv4(group) else { return nil }
        groups.append(UInt16(address >> 16))
        groups.append(UInt16(truncatingIfNeeded: address))
        break
      }
      guard let value = readGroup(group) else { return nil }
      groups.append(value)
      guard !rest.isEmpty else { break }
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: ":") {
        guard gap == nil else { return nil }
        gap = groups.count
        rest = rest.dropFirst()
      } else if rest.isEmpty {
        return nil
      }
    }
    if let gap {
      guard groups.count < 8 else { return nil }
      groups.insert(contentsOf: Array(repeating: 0, count: 8 - groups.count), at: gap)
    }
    guard groups.count == 8 else { return nil }
    let high = groups[..<4].reduce(0 as UInt64) { $0 << 16 | UInt64($1) }
    let low = groups[4...].reduce(0 as UInt64) { $0 << 16 | UInt64($1) }
    return (high, low)
  }

  private static func readGroup(_ text: ArraySlice<UInt8>) -> UInt16? {
    guard (1...4).contains(text.count) else { return nil }
    var value: UInt16 = 0
    for octet in text {
      switch octet {
      case 48...57: value = value << 4 | UInt16(octet - 48)
      case 97...102: value = value << 4 | UInt16(octet - 87)
      case 65...70: value = value << 4 | UInt16(octet - 55)
      default: return nil
      }
    }
    return value
  }

  /// The address alone, IPv6 without brackets, as SDP wants it (RFC 4566 §5.7).
  public func appendAddress(to writer: inout ByteWriter) {
    guard family == .ipv6 else {
      for shift in [24, 16, 8, 0] as [UInt64] {
        writer.append(decimal: low >> shift & 255)
        if shift > 0 { writer.append(UInt8(ascii: ".")) }
      }
      return
    }
    var groups: [UInt64] = []
    for half in [high, low] {
      for shift in [48, 32, 16, 0] as [UInt64] { groups.append(half >> shift & 0xffff) }
    }
    let gap = SocketAddress.longestZeroRun(groups)
    var index = 0
    while index < 8 {
      if index == gap.lowerBound, !gap.isEmpty {
        writer.append("::")
        index = gap.upperBound
        continue
      }
      SocketAddress.appendGroup(groups[index], to: &writer)
      index += 1
      if index < 8, index != gap.lowerBound || gap.isEmpty { writer.append(UInt8(ascii: ":")) }
    }
  }

  /// The address as a SIP host: IPv6 in brackets.
  public func appendHost(to writer: inout ByteWriter) {
    if family == .ipv6 { writer.append(UInt8(ascii: "[")) }
    appendAddress(to: &writer)
    if family == .ipv6 { writer.append(UInt8(ascii: "]")) }
  }

  /// Host and port, `192.0.2.1:5060` or `[2001:db8::1]:5060`.
  public func appendHostPort(to writer: inout ByteWriter) {
    appendHost(to: &writer)
    writer.append(UInt8(ascii: ":"))
    writer.append(decimal: UInt64(port))
  }

  /// `appendAddress` into octets of their own.
  public var addressText: [UInt8] {
    var writer = ByteWriter(capacity: 40)
    appendAddress(to: &writer)
    return writer.finish()
  }

  /// `127.0.0.1` or `[::1]`.
  public var hostText: String {
    var writer = ByteWriter(capacity: 42)
    appendHost(to: &writer)
    return writer.finishText()
  }

  /// `127.0.0.1:5060` or `[::1]:5060`.
  public var text: String { String(decoding: hostPortText, as: UTF8.self) }

  /// `appendHostPort` into octets of their own.
  public var hostPortText: [UInt8] {
    var writer = ByteWriter(capacity: 48)
    appendHostPort(to: &writer)
    return writer.finish()
  }

  /// The first of the longest runs of two or more zero groups (RFC 5952 §4.2); empty = none.
  private static func longestZeroRun(_ groups: [UInt64]) -> Range<Int> {
    var best = 0..<0
    var start = 0
    for index in 0...8 where index == 8 || groups[index] != 0 {
      if index - start > max(1, best.count) { best = start..<index }
      start = index + 1
    }
    return best
  }

  private static func appendGroup(_ group: UInt64, to writer: inout ByteWriter) {
    var started = false
    for shift in [12, 8, 4, 0] as [UInt64] {
      let nibble = UInt8(group >> shift & 15)
      guard nibble > 0 || started || shift == 0 else { continue }
      started = true
      writer.append(nibble < 10 ? 48 + nibble : 87 + nibble)
    }
  }
}
