/// What a useless reply of the web was, in words (spec H-34): its type, and how it begins. Nothing in them may be a secret
/// (A-8).
public struct ReplyWords: Hashable, Sendable {
  private let contentType: String
  private let beginning: String

  public init(contentType: String = "", body: [UInt8] = []) {
    self.contentType = String(contentType.prefix(60))
    beginning = ReplyWords.beginning(of: body)
  }

  /// Behind what it did: ` as text/html and begins "…"`.
  public var clause: String {
    (contentType.isEmpty ? "" : " as \(contentType)")
      + (beginning.isEmpty ? " and is empty" : " and begins \"\(beginning)\"")
  }

  /// Behind the status it came with: ` with text/html that begins "…"`; empty = there was nothing.
  public var remark: String {
    if contentType.isEmpty, beginning.isEmpty { return "" }
    return " with \(contentType.isEmpty ? "a body" : contentType)"
      + (beginning.isEmpty ? " that is empty" : " that begins \"\(beginning)\"")
  }

  /// Behind a sentence about a text that came by no web: ` It begins "…".`
  public var opening: String { beginning.isEmpty ? "" : " It begins \"\(beginning)\"." }

  /// The first 60 octets that can be printed; nothing behind what may be a secret.
  private static func beginning(of body: [UInt8]) -> String {
    let octets = body.lazy.filter { $0 >= 0x20 && $0 < 0x7f }.prefix(60)
    let text = String(decoding: Array(octets), as: UTF8.self)
    var end = text.endIndex
    for word in ["username", "password", "://"] {
      if let place = place(of: word, in: text), place < end { end = place }
    }
    return String(text[..<end])
  }

  private static func place(of word: String, in text: String) -> String.Index? {
    text.utf8.indices.first { text[$0...].lowercased().hasPrefix(word) }
  }
}
