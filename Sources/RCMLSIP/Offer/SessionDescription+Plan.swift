import RCMLBasics

/// Descriptions of streams that end here. Their address is 0.0.0.0 until the way they leave by is known (`placing`).
extension SessionDescription {
  private static let nowhere = SocketAddress(ipv4: 0, port: 0)

  /// `previous`: what was said last in this dialog by either side, empty = nothing; its streams keep their places, and
  /// those that are not ours are refused (RFC 3264 §8).
  package static func offer(
    _ plan: AudioPlan, video: VideoPlan? = nil, following previous: [UInt8] = [],
    sessionID: UInt64, version: UInt64
  ) -> [UInt8] {
    if check(previous).usableAudio != nil {
      let index = videoIndex(of: previous)
      var offer = answer(
        to: previous, plan, video: video.map { (index, $0) }, sessionID: sessionID,
        version: version)
      if let video, index == nil { offer += lines(of: video) }
      return offer
    }
    var writer = ByteWriter(capacity: 512)
    appendSession(sessionID: sessionID, version: version, address: nowhere, to: &writer)
    writer.append("t=0 0\r\n")
    append(plan, profile: Array("RTP/AVP".utf8), to: &writer)
    return writer.bytes + (video.map { lines(of: $0) } ?? [])
  }

  package static func answer(
    to offer: [UInt8], _ plan: AudioPlan, video: VideoPlan? = nil, sessionID: UInt64,
    version: UInt64
  ) -> [UInt8] {
    answer(
      to: offer, plan, video: video.map { (self.video(of: offer)?.index, $0) },
      sessionID: sessionID, version: version)
  }

  private static func answer(
    to offer: [UInt8], _ plan: AudioPlan, video: (index: Int?, plan: VideoPlan)?,
    sessionID: UInt64, version: UInt64
  ) -> [UInt8] {
    let other = video.map { video in (video.index, lines(of: video.plan)) }
    return answer(
      to: offer, address: nowhere, sessionID: sessionID, version: version, other: other
    ) { audio, _, _, writer in
      append(plan, profile: audio.profile, to: &writer)
    }
  }

  /// The video stream of a description, or else the first place where one was.
  private static func videoIndex(of body: [UInt8]) -> Int? {
    if let video = video(of: body) { return video.index }
    return body.withUnsafeBytes { octets in
      SDPLines(octets)?.lines.first { line in
        line.type == UInt8(ascii: "m")
          && octets.words(line.value, limit: 1).first.map {
            octets.equalsIgnoringCase("video", $0)
          } ?? false
      }?.media
    }
  }

  private static func lines(of plan: VideoPlan) -> [UInt8] {
    var writer = ByteWriter(capacity: 512)
    appendHead("m=video ", plan.port, plan.profile, plan.formats, to: &writer)
    for value in plan.bandwidth { appendLine("b=", value, to: &writer) }
    appendFormats(plan.formats, to: &writer)
    for value in plan.feedback where plan.names(feedback: value) {
      appendLine("a=rtcp-fb:", value, to: &writer)
    }
    append(plan.direction, to: &writer)
    return writer.bytes
  }

  private static func appendLine(
    _ name: StaticString, _ value: [UInt8], to writer: inout ByteWriter
  ) {
    writer.append(name)
    writer.append(value)
    writer.append("\r\n")
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
    appendHead("m=audio ", plan.port, profile, plan.formats, to: &writer)
    appendFormats(plan.formats, to: &writer)
    if plan.packetTime > 0 {
      writer.append("a=ptime:")
      writer.append(decimal: UInt64(plan.packetTime))
      writer.append("\r\n")
    }
    append(plan.direction, to: &writer)
  }

  private static func appendHead(
    _ kind: StaticString, _ port: UInt16, _ profile: [UInt8], _ formats: [AudioFormat],
    to writer: inout ByteWriter
  ) {
    writer.append(kind)
    writer.append(decimal: UInt64(port))
    writer.append(" ")
    writer.append(profile)
    for format in formats {
      writer.append(" ")
      writer.append(decimal: UInt64(format.payload))
    }
    writer.append("\r\n")
  }

  private static func appendFormats(_ formats: [AudioFormat], to writer: inout ByteWriter) {
    for format in formats where !format.encoding.isEmpty {
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
  }

  private static func append(
    _ direction: AudioDescription.Direction, to writer: inout ByteWriter
  ) {
    switch direction {
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
