import COsip
import RCMLBasics

/// What a dialog is to be told, all but the `o=` line: that is the dialog's own, and its version depends on what was
/// said before (RFC 3264 §8).
public struct SDPDraft {
  /// The `o=` line belongs behind the first line.
  private let firstLine: Int
  private let octets: [UInt8]

  init(firstLine: Int, _ octets: [UInt8]) {
    self.firstLine = firstLine
    self.octets = octets
  }

  /// What was said before, once more.
  public init(repeating written: SessionDescription) {
    let lines = written.lines.lines
    let origin = lines.count > 1 ? lines[1].whole : 0..<0
    firstLine = origin.lowerBound
    octets = Array(written.body[..<origin.lowerBound]) + written.body[origin.upperBound...]
  }

  /// Nothing but the origin differs from what was written.
  public func says(sameAs written: SessionDescription) -> Bool {
    let lines = written.lines.lines
    guard lines.count > 1 else { return false }
    let origin = lines[1].whole
    let rest = written.body.count - origin.count
    guard rest == octets.count, origin.lowerBound == firstLine else { return false }
    return written.body.withUnsafeBytes { theirs in
      octets.withUnsafeBytes { ours in
        theirs[..<origin.lowerBound].isSame(as: ours[..<firstLine])
          && theirs[origin.upperBound...].isSame(as: ours[firstLine...])
      }
    }
  }

  public func written(by origin: SDPOrigin, version: UInt64) -> [UInt8] {
    var writer = ByteWriter(capacity: octets.count + 96)
    writer.append(octets[..<firstLine])
    writer.append("o=- ")
    writer.append(decimal: origin.sessionID)
    writer.append(" ")
    writer.append(decimal: version)
    writer.append(" IN ")
    origin.address.appendTyped(to: &writer)
    writer.append("\r\n")
    writer.append(octets[firstLine...])
    return writer.finish()
  }
}

/// What stands in the `o=` lines of one dialog from its beginning to its end (RFC 4566 §5.2).
public struct SDPOrigin: Hashable, Sendable {
  public var sessionID: UInt64
  public var address: SocketAddress

  public init(sessionID: UInt64, address: SocketAddress) {
    self.sessionID = sessionID
    self.address = address
  }
}

/// Where the streams of a description go in the dialog that is told of them: each has its place, and none of those
/// that were ever there may be missing (RFC 3264 §6, §8).
public enum SDPPlaces {
  /// The offer that is answered.
  case answer(to: SessionDescription)
  /// What either side said last; nil = it is the first.
  case offer(after: SessionDescription?)

  var reference: SessionDescription? {
    switch self {
    case .answer(let offer): offer
    case .offer(let last): last
    }
  }
}

extension Slice<UnsafeRawBufferPointer> {
  fileprivate func isSame(as other: Slice<UnsafeRawBufferPointer>) -> Bool {
    let (ours, theirs) = (
      UnsafeRawBufferPointer(rebasing: self), UnsafeRawBufferPointer(rebasing: other)
    )
    guard ours.count == theirs.count else { return false }
    guard let one = ours.baseAddress, let two = theirs.baseAddress else { return true }
    return memcmp(one, two, ours.count) == 0
  }
}

extension SocketAddress {
  func appendTyped(to writer: inout ByteWriter) {
    writer.append(family == .ipv4 ? "IP4 " : "IP6 ")
    appendAddress(to: &writer)
  }
}

extension ByteWriter {
  mutating func append(_ direction: AudioDescription.Direction) {
    switch direction {
    case .sendrecv: append("a=sendrecv\r\n")
    case .sendonly: append("a=sendonly\r\n")
    case .recvonly: append("a=recvonly\r\n")
    case .inactive: append("a=inactive\r\n")
    }
  }

  /// A stream of another description that is not wanted: its kind, profile and formats with port 0.
  mutating func append(refused place: Int, of description: SessionDescription) {
    guard let line = description.mediaLine(of: place) else {
      return append(refused: description.audio)
    }
    description.body.withUnsafeBytes { octets in
      var position = line.value.lowerBound
      let end = line.value.upperBound
      guard let media = octets.nextWord(&position, end),
        octets.nextWord(&position, end) != nil,
        let profile = octets.nextWord(&position, end),
        let format = octets.nextWord(&position, end)
      else { return }
      append("m=")
      append(UnsafeRawBufferPointer(rebasing: octets[media]))
      append(" 0 ")
      append(UnsafeRawBufferPointer(rebasing: octets[profile]))
      append(" ")
      append(UnsafeRawBufferPointer(rebasing: octets[format]))
      append("\r\n")
    }
  }

  /// The stream of a description that has no text.
  private mutating func append(refused audio: AudioDescription?) {
    guard let audio, let payload = audio.payloads.first else { return }
    append("m=audio 0 ")
    append(audio.profile)
    append(" ")
    append(decimal: UInt64(payload))
    append("\r\n")
  }
}
