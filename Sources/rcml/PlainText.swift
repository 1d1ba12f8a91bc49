import RCMLBasics

/// What the tool takes of the library's inside: how words are compared and written, nothing of calls. What it does, it
/// does over rcml.h.
enum PlainText {
  /// `; did you mean call?`, or a full stop.
  static func suggestion(for wrong: String, among words: [String]) -> String {
    Spelling.nearest(wrong, in: words).map { "; did you mean \($0)?" } ?? "."
  }

  /// A name of a file as a part of a URL that is neither markup nor a folder (RFC 3986 §2.1).
  static func percentEncoded(_ name: String) -> String {
    var octets: [UInt8] = []
    for octet in name.utf8 {
      if octet.isURLUnreserved {
        octets.append(octet)
      } else {
        PercentEncoding.append(octet, to: &octets)
      }
    }
    return String(decoding: octets, as: UTF8.self)
  }
}
