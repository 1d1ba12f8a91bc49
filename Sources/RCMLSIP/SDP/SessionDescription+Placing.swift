import RCMLBasics

extension SessionDescription {
  /// The first address of a connection line (RFC 8866 §5.7) that only an inner network knows; nil = there is none.
  static func innerPlace(in body: [UInt8]) -> [UInt8]? {
    body.withUnsafeBytes { octets -> [UInt8]? in
      guard let lines = SDPLines(octets) else { return nil }
      for line in lines.lines where line.type == UInt8(ascii: "c") {
        guard let space = octets[line.value].lastIndex(of: UInt8(ascii: " ")) else { continue }
        let host = Array(octets[space + 1..<line.value.upperBound])
        let address = SocketAddress.read(host: host[...], port: 0)
        if address?.isOfInnerNetwork == true { return host }
      }
      return nil
    }
  }

  /// The same description with `host` — an address, or the name a setting gives it — where 0.0.0.0 stood (spec T-5).
  public static func placing(_ body: [UInt8], host: [UInt8]) -> [UInt8] {
    let isReference = host.contains(UInt8(ascii: ":"))
    let end: StaticString = "IN IP4 0.0.0.0"
    let length = end.utf8CodeUnitCount
    var writer = ByteWriter(capacity: body.count + 64)
    let isRead = body.withUnsafeBytes { octets -> Bool in
      guard let lines = SDPLines(octets) else { return false }
      for line in lines.lines {
        let isPlace = line.type == UInt8(ascii: "c") || line.type == UInt8(ascii: "o")
        let value = line.value
        guard isPlace, value.count >= length,
          octets.equals(end, value.upperBound - length..<value.upperBound)
        else {
          writer.append(UnsafeRawBufferPointer(rebasing: octets[line.whole]))
          continue
        }
        writer.append(line.type)
        writer.append("=")
        writer.append(
          UnsafeRawBufferPointer(rebasing: octets[value.lowerBound..<value.upperBound - length]))
        writer.append(isReference ? "IN IP6 " : "IN IP4 ")
        writer.append(host)
        writer.append("\r\n")
      }
      return true
    }
    return isRead ? writer.finish() : body
  }
}
