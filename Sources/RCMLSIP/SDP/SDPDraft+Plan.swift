import RCMLBasics

/// Descriptions of streams that end here. Where no other address is given it is 0.0.0.0 until the way they leave by is
/// known (`placing`).
extension SDPDraft {
  private static let nowhere = SocketAddress(ipv4: 0, port: 0)

  /// Our audio stream, and our video stream if there is one, in the places where such streams stand in this dialog;
  /// everything else is refused (RFC 3264 §6, §8).
  public static func planned(
    _ plan: AudioPlan, video: VideoPlan? = nil, _ places: SDPPlaces,
    address: SocketAddress? = nil
  ) -> SDPDraft {
    var writer = ByteWriter(capacity: 512)
    writer.append("v=0\r\n")
    let firstLine = writer.count
    writer.append("s=-\r\nc=IN ")
    (address ?? nowhere).appendTyped(to: &writer)
    writer.append("\r\n")
    append(timingOf: places, to: &writer)
    let reference = places.reference
    let audio = place(of: .audio, in: places)
    let picture = video == nil ? nil : place(of: .video, in: places)
    for place in 0..<(reference?.streams.count ?? 0) {
      if place == audio {
        append(plan, profile: reference?.profile(of: place), to: &writer)
      } else if let video, place == picture {
        append(video, to: &writer)
      } else if let reference {
        writer.append(refused: place, of: reference)
      }
    }
    if case .offer = places {
      if audio == nil { append(new: plan, to: &writer) }
      if let video, picture == nil { append(video, to: &writer) }
    }
    return SDPDraft(firstLine: firstLine, writer.finish())
  }

  /// The one that is served; for an offer also one that is off.
  private static func place(of kind: SDPStream.Kind, in places: SDPPlaces) -> Int? {
    guard let reference = places.reference else { return nil }
    let streams = reference.streams
    if kind == .audio, let place = reference.audioPlace { return place }
    if let place = streams.firstIndex(where: { $0.kind == kind && $0.isUsable }) { return place }
    guard case .offer = places else { return nil }
    return streams.firstIndex { $0.kind == kind && !$0.isOn && $0.isServed }
  }

  /// The answer's t-line equals the offer's (RFC 3264 §6).
  private static func append(timingOf places: SDPPlaces, to writer: inout ByteWriter) {
    writer.append("t=")
    if let reference = places.reference,
      let line = reference.lines.lines.first(where: { $0.type == UInt8(ascii: "t") })
    {
      writer.append(reference.body[line.value])
    } else {
      writer.append("0 0")
    }
    writer.append("\r\n")
  }

  private static func append(_ plan: VideoPlan, to writer: inout ByteWriter) {
    appendHead("m=video ", plan.port, plan.profile, plan.formats, to: &writer)
    for value in plan.bandwidth { appendLine("b=", value, to: &writer) }
    append(plan.formats, to: &writer)
    for value in plan.feedback where plan.names(feedback: value) {
      appendLine("a=rtcp-fb:", value, to: &writer)
    }
    writer.append(plan.direction)
  }

  private static func appendLine(
    _ name: StaticString, _ value: [UInt8], to writer: inout ByteWriter
  ) {
    writer.append(name)
    writer.append(value)
    writer.append("\r\n")
  }

  /// Where none was offered before.
  private static func append(new plan: AudioPlan, to writer: inout ByteWriter) {
    let secret = Array("RTP/SAVP".utf8)[...]
    switch plan.secrecy {
    case .open: append(plan, profile: nil, to: &writer)
    case .secret: append(plan, profile: secret, to: &writer)
    case .both:
      append(plan, profile: secret, to: &writer)
      var open = plan
      open.secrecy = .open
      append(open, profile: nil, to: &writer)
    }
  }

  private static func append(
    _ plan: AudioPlan, profile: ArraySlice<UInt8>?, to writer: inout ByteWriter
  ) {
    writer.append("m=audio ")
    writer.append(decimal: UInt64(plan.port))
    if let profile {
      writer.append(" ")
      writer.append(profile)
    } else {
      writer.append(" RTP/AVP")
    }
    appendPayloads(plan.formats, to: &writer)
    append(plan.formats, to: &writer)
    switch plan.secrecy {
    case .open: break
    case .secret(let keys), .both(let keys): for key in keys { key.write(to: &writer) }
    }
    if plan.packetTime > 0 {
      writer.append("a=ptime:")
      writer.append(decimal: UInt64(plan.packetTime))
      writer.append("\r\n")
    }
    writer.append(plan.direction)
  }

  private static func appendHead(
    _ kind: StaticString, _ port: UInt16, _ profile: [UInt8], _ formats: [AudioFormat],
    to writer: inout ByteWriter
  ) {
    writer.append(kind)
    writer.append(decimal: UInt64(port))
    writer.append(" ")
    writer.append(profile)
    appendPayloads(formats, to: &writer)
  }

  private static func appendPayloads(_ formats: [AudioFormat], to writer: inout ByteWriter) {
    for format in formats {
      writer.append(" ")
      writer.append(decimal: UInt64(format.payload))
    }
    writer.append("\r\n")
  }

  private static func append(_ formats: [AudioFormat], to writer: inout ByteWriter) {
    for format in formats where !format.encoding.isEmpty {
      writer.append("a=rtpmap:")
      writer.append(decimal: UInt64(format.payload))
      writer.append(" ")
      appendShown(format, to: &writer)
      writer.append("\r\n")
      guard !format.parameters.isEmpty else { continue }
      writer.append("a=fmtp:")
      writer.append(decimal: UInt64(format.payload))
      writer.append(" ")
      writer.append(format.parameters)
      writer.append("\r\n")
    }
  }

  /// Names in the capitals people know; RFC 4855 §3 has them alike in any case.
  private static func appendShown(_ format: AudioFormat, to writer: inout ByteWriter) {
    guard format.isSpoken else { return writer.append(format.encoding) }
    for octet in format.encoding { writer.append(octet >= 97 && octet <= 122 ? octet - 32 : octet) }
  }
}

extension SessionDescription {
  /// As it was written.
  func profile(of place: Int) -> ArraySlice<UInt8>? {
    guard let line = mediaLine(of: place) else { return nil }
    return body.withUnsafeBytes { octets -> Range<Int>? in
      var position = line.value.lowerBound
      for _ in 0..<2 { _ = octets.nextWord(&position, line.value.upperBound) }
      return octets.nextWord(&position, line.value.upperBound)
    }.map { body[$0] }
  }
}
