/// What becomes of each of the 128 payload types on its way from one party to the other: worked out when a
/// description changes, looked up once a packet.
struct PayloadMap {
  /// Bits: 0–6 the number on the other side, 7 = passed on, 8/9 = turned from µ-law / A-law into the other,
  /// 10 = telephone event, 11 = of the party's own description, 12/13 = µ-law / A-law that we can decode,
  /// 14 = comfort noise, 15 = passed on untouched.
  typealias Entry = UInt16
  static let passes: Entry = 0x80
  static let fromMu: Entry = 0x100
  static let fromA: Entry = 0x200
  static let isEvent: Entry = 0x400
  static let isKnown: Entry = 0x800
  static let isMu: Entry = 0x1000
  static let isA: Entry = 0x2000
  static let isNoise: Entry = 0x4000
  static let isUntouched: Entry = 0x8000

  private(set) var entries: [Entry]

  /// Nobody on the other side: packets are known or not, none goes anywhere.
  init(
    incoming: [StreamDescription.Payload], outgoing: [StreamDescription.Payload],
    isUntouched: Bool = false
  ) {
    entries = Array(repeating: 0, count: 128)
    for payload in incoming where payload.number < 128 {
      entries[Int(payload.number)] =
        isUntouched
        ? PayloadMap.untouched(payload, outgoing) : PayloadMap.entry(payload.codec, outgoing)
    }
  }

  subscript(_ number: UInt8) -> Entry { entries[Int(number & 127)] }

  /// What decodes it, if it is ours to decode.
  @inline(__always)
  static func law(_ entry: Entry) -> G711.Law? {
    entry & isMu != 0 ? .mu : entry & isA != 0 ? .a : nil
  }

  /// The same number for the same name, else another number for it: one name may have several, with parameters that we
  /// do not read.
  private static func untouched(
    _ payload: StreamDescription.Payload, _ outgoing: [StreamDescription.Payload]
  ) -> Entry {
    let same = outgoing.first { $0 == payload } ?? outgoing.first { $0.codec == payload.codec }
    return isKnown | isUntouched | (same.map { passes | Entry($0.number & 127) } ?? 0)
  }

  private static func entry(
    _ codec: AudioCodec, _ outgoing: [StreamDescription.Payload]
  ) -> Entry {
    var entry = isKnown
    switch codec {
    case .telephoneEvent: entry |= isEvent
    case .pcmu: entry |= isMu
    case .pcma: entry |= isA
    case .comfortNoise: entry |= isNoise
    case .other: break
    }
    if let same = outgoing.first(where: { $0.codec == codec }) {
      return entry | passes | Entry(same.number & 127)
    }
    guard let law = codec.law, let other = outgoing.first(where: { $0.codec.law != nil }) else {
      return entry
    }
    return entry | passes | Entry(other.number & 127) | (law == .mu ? fromMu : fromA)
  }
}
