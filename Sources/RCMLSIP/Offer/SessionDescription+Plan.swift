import RCMLBasics

/// Descriptions of streams that end here. Their address is 0.0.0.0 until the way they leave by is known (`placing`).
extension SessionDescription {
  private static let nowhere = SocketAddress(ipv4: 0, port: 0)

  package static func offer(
    _ plan: AudioPlan, sessionID: UInt64, version: UInt64
  ) -> [UInt8] {
    var writer = ByteWriter(capacity: 512)
    appendSession(sessionID: sessionID, version: version, address: nowhere, to: &writer)
    writer.append("t=0 0\r\n")
    append(plan, profile: Array("RTP/AVP".utf8), to: &writer)
    return writer.bytes
  }

  package static func answer(
    to offer: [UInt8], _ plan: AudioPlan, sessionID: UInt64, version: UInt64
  ) -> [UInt8] {
    answer(to: offer, address: nowhere, sessionID: sessionID, version: version) {
      audio, _, _, writer in
      append(plan, profile: audio.profile, to: &writer)
    }
  }

  /// The same description with `host` — an address, or the name a setting gives it — where 0.0.0.0 stood (spec T-5).
  package static func placing(_ body: [UInt8], host: [UInt8]) -> [UInt8] {
    let isReference = host.contains(UInt8(ascii: ":"))
    return edit(body) { line, octets, writer in
      let isPlace = line.type == UInt8(ascii: "c") || line.type == UInt8(ascii: "o")
      let end = "IN IP4 0.0.0.0"
      let value = octets[line.value]
      guard isPlace, value.count >= end.utf8.count,
        value.suffix(end.utf8.count).elementsEqual(end.utf8)
      else { return writer.append(UnsafeRawBufferPointer(rebasing: octets[line.whole])) }
      writer.append(line.type)
      writer.append("=")
      writer.append(UnsafeRawBufferPointer(rebasing: value.dropLast(end.utf8.count)))
      writer.append(isReference ? "IN IP6 " : "IN IP4 ")
      writer.append(host)
      writer.append("\r\n")
    }
  }

  private static func append(
    _ plan: AudioPlan, profile: [UInt8], to writer: inout ByteWriter
  ) {
    writer.append("m=audio ")
    writer.append(decimal: UInt64(plan.port))
    writer.append(" ")
    writer.append(profile)
    for format in plan.formats {
      writer.append(" ")
      writer.append(decimal: UInt64(format.payload))
    }
    writer.append("\r\n")
    for format in plan.formats where !format.encoding.isEmpty {
      writer.append("a=rtpmap:")
      writer.append(decimal: UInt64(format.payload))
      writer.append(" ")
      writer.append(shown(format))
      writer.append("\r\n")
      guard !format.parameters.isEmpty else { continue }
      writer.append("a=fmtp:")
      writer.append(decimal: UInt64(format.payload))
      writer.append(" ")
      writer.append(format.parameters)
      writer.append("\r\n")
    }
    if plan.packetTime > 0 {
      writer.append("a=ptime:")
      writer.append(decimal: UInt64(plan.packetTime))
      writer.append("\r\n")
    }
    switch plan.direction {
    case .sendrecv: writer.append("a=sendrecv\r\n")
    case .sendonly: writer.append("a=sendonly\r\n")
    case .recvonly: writer.append("a=recvonly\r\n")
    case .inactive: writer.append("a=inactive\r\n")
    }
  }

  /// Names in the capitals people know; RFC 4855 §3 has them alike in any case.
  private static func shown(_ format: AudioFormat) -> [UInt8] {
    format.isSpoken
      ? format.encoding.map { $0 >= 97 && $0 <= 122 ? $0 - 32 : $0 } : format.encoding
  }
}
