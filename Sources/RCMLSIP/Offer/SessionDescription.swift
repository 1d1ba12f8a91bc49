import COsip
import RCMLBasics

/// Session descriptions: judged before they are believed (failures P7), and the few edits a call needs, made on the
/// octets so that everything else passes untouched.
package enum SessionDescription {
  /// Octets of one description.
  package static let lengthLimit = 8_192
  package static let mediaLimit = 16
  package static let payloadLimit = 64

  /// Our own checks first, then libosip2's grammar.
  package static func check(_ body: ArraySlice<UInt8>) -> SDPVerdict {
    guard !body.isEmpty else { return .unusable("the description is empty") }
    guard body.count <= lengthLimit else {
      return .unusable("the description is longer than 8192 octets")
    }
    return body.withUnsafeBytes { octets in
      guard let lines = SDPLines(octets) else {
        return .unusable("a line of the description is not type=value")
      }
      var reader = SDPReader(octets: octets, lines: lines)
      if let fault = reader.read() { return .unusable(fault) }
      guard isGrammatical(octets, lines) else {
        return .unusable("the description breaks the grammar of RFC 4566")
      }
      return .description(reader.audio)
    }
  }

  package static func check(_ body: [UInt8]) -> SDPVerdict { check(body[...]) }

  private static func isGrammatical(
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
