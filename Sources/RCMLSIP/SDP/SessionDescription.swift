import COsip
import RCMLBasics

/// A session description: judged before it is believed (failures P7), read once, and handed on with what was read.
///
/// It never changes. It is an object because several hold it, and because what it says of its streams is read when
/// somebody asks for the first time: media that goes from phone to phone never does.
public final class SessionDescription {
  /// Octets of one description.
  public static let lengthLimit = 8_192
  public static let mediaLimit = 16
  public static let payloadLimit = 64

  public let body: [UInt8]
  public let streams: [SDPStream]
  let lines: SDPLines

  /// The first audio stream that is served and not refused (spec U-53); nil = none.
  public private(set) lazy var audio: AudioDescription? = SDPReader.audio(of: self)
  /// The first video stream that could be passed on; nil = none.
  public private(set) lazy var video: VideoDescription? = SDPReader.video(of: self)

  private init(_ body: [UInt8], _ lines: SDPLines, _ streams: [SDPStream]) {
    self.body = body
    self.lines = lines
    self.streams = streams
  }

  /// Of a peer; nil = it is none that we would believe.
  public convenience init?(reading body: [UInt8]) {
    guard case .read(let lines, let streams) = SessionDescription.read(body) else { return nil }
    self.init(body, lines, streams)
  }

  /// The same words, the streams judged otherwise.
  init(_ other: SessionDescription, _ streams: [SDPStream]) {
    body = other.body
    lines = other.lines
    self.streams = streams
  }

  /// Of our own writing.
  public init(written body: [UInt8]) {
    self.body = body
    let found = body.withUnsafeBytes { octets -> (SDPLines, [SDPStream])? in
      guard let lines = SDPLines(octets) else { return nil }
      var scan = SDPScan(octets: octets, lines: lines)
      _ = scan.read()
      return (lines, scan.streams)
    }
    lines = found?.0 ?? SDPLines()
    streams = found?.1 ?? []
  }

  /// Of a party that has no words of its own: one stream of one format, both ways. It has no text, so it is relayed to
  /// nobody.
  public convenience init(speaking format: AudioFormat, at place: SocketAddress, packetTime: Int) {
    let audio = AudioDescription(of: format, at: place, packetTime: packetTime)
    let stream = SDPStream(
      kind: .audio, port: audio.port, isServed: true, direction: audio.direction, lines: 0..<0)
    self.init([], SDPLines(), [stream])
    self.audio = audio
  }

  /// Without the streams that nobody asked for: an answer has as many as the offer (RFC 3264 §6).
  public func limited(to count: Int) -> SessionDescription {
    guard streams.count > count else { return self }
    return SessionDescription(body, lines, Array(streams.prefix(count)))
  }

  /// Nil: there is no such stream, or the description has no text.
  func mediaLine(of place: Int) -> SDPLines.Line? {
    guard streams.indices.contains(place) else { return nil }
    let line = streams[place].lines.lowerBound
    return lines.lines.indices.contains(line) ? lines.lines[line] : nil
  }

  /// Nothing keeps a stream that is not there yet from both.
  public var directions: SDPDirections {
    var directions = SDPDirections.all
    for (place, stream) in streams.prefix(SessionDescription.mediaLimit).enumerated() {
      if !stream.direction.sends { directions.sends &= ~(1 << UInt16(place)) }
      if !stream.direction.receives { directions.receives &= ~(1 << UInt16(place)) }
    }
    return directions
  }

  public var hasUsableAudio: Bool { streams.contains { $0.kind == .audio && $0.isUsable } }

  /// Audio stands in it, but only with profiles that are not served (spec U-53).
  public var hasOnlyForeignAudio: Bool {
    !hasUsableAudio && streams.contains { $0.kind == .audio && $0.isOn }
  }

  // MARK: reading

  private enum Reading {
    case unusable(StaticString)
    case read(SDPLines, [SDPStream])
  }

  public static func check(_ body: [UInt8]) -> SDPVerdict {
    switch read(body) {
    case .unusable(let reason): return .unusable(reason)
    case .read(let lines, let streams):
      let description = SessionDescription(body, lines, streams)
      return .description(description.audio ?? AudioDescription(mediaCount: streams.count))
    }
  }

  public static func check(_ body: ArraySlice<UInt8>) -> SDPVerdict { check(Array(body)) }

  /// Our own checks first, then libosip2's grammar.
  private static func read(_ body: [UInt8]) -> Reading {
    guard !body.isEmpty else { return .unusable("the description is empty") }
    guard body.count <= lengthLimit else {
      return .unusable("the description is longer than 8192 octets")
    }
    return body.withUnsafeBytes { octets in
      guard let lines = SDPLines(octets) else {
        return .unusable("a line of the description is not type=value")
      }
      var scan = SDPScan(octets: octets, lines: lines)
      if let fault = scan.read() { return .unusable(fault) }
      guard isGrammatical(octets, lines) else {
        return .unusable("the description breaks the grammar of RFC 4566")
      }
      return .read(lines, scan.streams)
    }
  }

  /// Most descriptions are plain; the others are libosip2's to judge.
  private static func isGrammatical(
    _ octets: UnsafeRawBufferPointer, _ lines: SDPLines
  ) -> Bool {
    SDPPlainForm.has(octets, lines) || isGrammaticalForOsip(octets, lines)
  }

  static func isGrammaticalForOsip(
    _ octets: UnsafeRawBufferPointer, _ lines: SDPLines
  ) -> Bool {
    Osip.ready()
    var parsed: UnsafeMutablePointer<sdp_message_t>?
    guard sdp_message_init(&parsed) == 0, let parsed else { return false }
    defer { sdp_message_free(parsed) }
    // Two things libosip2 does not forgive: a last line without its end, and an empty subject (RFC 5118 §4.8).
    var text: [UInt8] = []
    text.reserveCapacity(octets.count + 4)
    for line in lines.lines {
      text.append(line.type)
      text.append(UInt8(ascii: "="))
      text.append(contentsOf: octets[line.value])
      if line.type == UInt8(ascii: "s"), line.value.isEmpty { text.append(UInt8(ascii: "-")) }
      text.append(contentsOf: [13, 10])
    }
    text.append(0)
    return text.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { sdp_message_parse(parsed, $0.baseAddress) == 0 }
    }
  }
}
