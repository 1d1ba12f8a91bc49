/// Where 3xx responses have pointed to, and what is left of it (RFC 3261 §8.1.3.4, spec U-30).
struct Redirection {
  /// The 3xx that began it: the leg's final response when the host allows none of its contacts.
  var refusal: Message
  private var waiting: [Contact] = []
  /// Nothing is tried twice, so that two phones that point at each other end.
  private var visited: [[UInt8]]
  private let isSips: Bool
  /// How many contacts may still be tried.
  private var left: Int
  /// The contact the host is asked about (Y-3).
  var asked: [UInt8]?
  /// A contact was not tried, because it had been tried before or enough were.
  private(set) var isCircle = false

  private struct Contact {
    var uri: [UInt8]
    /// In thousandths.
    var quality: Int
  }

  init(from dialled: [UInt8], refusal: Message, limit: Int) {
    self.refusal = refusal
    visited = [dialled]
    isSips = dialled.prefix(5).equalsIgnoringCase("sips:")
    left = limit
  }

  /// The contacts of another 3xx come before those that were there: they are nearer to the callee.
  mutating func add(_ contacts: [NameAddress]) {
    var added: [Contact] = []
    for contact in contacts.prefix(Limits.candidates) {
      // What stands behind a question mark would be headers of ours, written by somebody else.
      let uri = Array(contact.uri.prefix { $0 != UInt8(ascii: "?") })
      // RFC 5630 §5.1.1.2: whoever dialled sips: is not led to sip:.
      guard let read = SIPURI.read(uri[...]), read.port != 0, !isSips || read.scheme == .sips,
        !added.contains(where: { $0.uri == uri })
      else {
        continue
      }
      added.append(Contact(uri: uri, quality: Redirection.quality(of: contact)))
    }
    // Contacts of the same q keep the order of the message.
    let sorted = added.enumerated().sorted {
      ($1.element.quality, $0.offset) < ($0.element.quality, $1.offset)
    }
    waiting = Array((sorted.map(\.element) + waiting).prefix(Limits.candidates))
  }

  /// The next contact to try; nil = there is none, or enough were tried.
  mutating func next() -> [UInt8]? {
    if left == 0, !waiting.isEmpty { isCircle = true }
    while left > 0, !waiting.isEmpty {
      let contact = waiting.removeFirst()
      guard !visited.contains(contact.uri) else {
        isCircle = true
        continue
      }
      visited.append(contact.uri)
      left -= 1
      return contact.uri
    }
    return nil
  }

  /// `q`: 0 to 1 with up to three digits (§25.1); none, or nonsense, is 1.
  private static func quality(of contact: NameAddress) -> Int {
    guard let text = contact.parameter("q"), let first = text.first, text.count <= 5,
      first == UInt8(ascii: "0")
    else { return 1_000 }
    guard text.count > 2, text[1] == UInt8(ascii: ".") else { return text.count == 1 ? 0 : 1_000 }
    var value = 0
    for place in 2..<5 {
      let digit = place < text.count ? text[place] : UInt8(ascii: "0")
      guard digit.isDigit else { return 1_000 }
      value = value * 10 + Int(digit - 48)
    }
    return value
  }
}
