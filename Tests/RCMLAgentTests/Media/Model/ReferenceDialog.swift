import RCMLSIP

/// Offer and answer by the book, for one dialog: RFC 3264, RFC 3261 §14, spec U-50 … U-53. It knows nothing of how the
/// product does it: it reads what is said as text, keeps what both agreed to, and says what may be said next.
struct ReferenceDialog {
  struct Line: Equatable, CustomStringConvertible {
    var kind: String
    var port: Int
    var profile: String
    var sends = true
    var receives = true

    var isServed: Bool { profile == "RTP/AVP" || profile == "RTP/AVPF" }
    var isUsable: Bool { port != 0 && (isServed || kind == "image") }
    var refused: Line { Line(kind: kind, port: 0, profile: profile) }
    var description: String {
      "\(kind) \(port) \(profile) \(sends ? "s" : "-")\(receives ? "r" : "-")"
    }

    func limited(_ send: Bool, _ receive: Bool) -> Line {
      var line = self
      (line.sends, line.receives) = (sends && send, receives && receive)
      return line
    }
  }

  struct Description: Equatable {
    var sessionID = ""
    var version = 0
    var lines: [Line] = []
    /// Everything but the origin.
    var rest: [UInt8] = []

    private static let directions = [
      "a=sendrecv": (true, true), "a=sendonly": (true, false), "a=recvonly": (false, true),
      "a=inactive": (false, false),
    ]

    init(_ sdp: [UInt8]) {
      for octets in sdp.split(separator: 10) {
        let line = String(decoding: octets.dropLast(), as: UTF8.self)
        guard "om".contains(line.prefix(1)) || line.utf8.count == 10 else { continue }
        let words = line.split(separator: " ").map(String.init)
        if line.hasPrefix("o="), words.count > 2 {
          (sessionID, version) = (words[1], Int(words[2]) ?? -1)
          rest = sdp.split(separator: 10).filter { $0 != octets }.flatMap { $0 + [10] }
        }
        if line.hasPrefix("m="), words.count > 3 {
          lines.append(
            Line(
              kind: String(words[0].dropFirst(2)), port: Int(words[1]) ?? -1, profile: words[2]))
        } else if let direction = Description.directions[line], !lines.isEmpty {
          (lines[lines.count - 1].sends, lines[lines.count - 1].receives) = direction
        }
      }
    }
  }

  enum Pending {
    case none
    case ours(Description)
    case theirs(Description)
  }

  private(set) var local: [Line] = []
  private(set) var remote: [Line] = []
  private(set) var pending = Pending.none
  private var said: Description?
  private var saidBefore: Description?
  /// What the party wants by itself of each stream.
  private var wishes: [Line] = []
  private(set) var violations: [String] = []

  var isSettled: Bool { if case .none = pending { true } else { false } }

  // MARK: what we say

  /// RFC 3264 §8: the session id stays, and the version grows by one exactly when something changed.
  private mutating func say(_ sdp: [UInt8]) -> Description {
    let description = Description(sdp)
    if let said {
      check(description.sessionID == said.sessionID, "the session id changed")
      let step = description.rest == said.rest ? 0 : 1
      check(
        description.version == said.version + step,
        "version \(description.version) after \(said.version), step \(step)")
    } else {
      check(description.version == 1, "the first version is \(description.version)")
    }
    said = description
    return description
  }

  mutating func weOffer(_ sdp: [UInt8], _ expected: [Line]?) {
    check(isSettled, "an offer of ours while one is open")
    saidBefore = said
    let offer = say(sdp)
    pending = .ours(offer)
    check(
      offer.lines.count >= max(local.count, remote.count), "a stream is missing: \(offer.lines)")
    for line in offer.lines { check(line.port == 0 || line.isUsable, "foreign profile: \(line)") }
    if let expected { compare(offer.lines, expected, "offer") }
  }

  /// RFC 3264 §6. `isLast`: false = a provisional response says it.
  mutating func weAnswer(_ sdp: [UInt8], _ expected: [Line]?, isLast: Bool = true) {
    guard case .theirs(let offer) = pending else { return check(false, "an answer to nothing") }
    let answer = say(sdp)
    check(answer.lines.count == offer.lines.count, "\(answer.lines) answers \(offer.lines)")
    for (ours, theirs) in zip(answer.lines, offer.lines) {
      check(ours.kind == theirs.kind && ours.profile == theirs.profile, "\(ours) to \(theirs)")
      check(ours.port == 0 || theirs.isUsable, "\(ours) takes \(theirs)")
      guard ours.port != 0, ours.kind != "image" else { continue }
      check(!ours.sends || theirs.receives, "\(ours) does not mirror \(theirs)")
      check(!ours.receives || theirs.sends, "\(ours) does not mirror \(theirs)")
    }
    if let expected { compare(answer.lines, expected, "answer") }
    guard isLast else { return }
    learn(offer.lines, under: local.map { ($0.receives, $0.sends) })
    (local, remote, pending) = (answer.lines, offer.lines, .none)
  }

  // MARK: what they say

  mutating func theyOffer(_ sdp: [UInt8]) { pending = .theirs(Description(sdp)) }

  mutating func theyAnswer(_ sdp: [UInt8]) {
    guard case .ours(let offer) = pending else { return check(false, "their answer to nothing") }
    let answer = Description(sdp)
    learn(answer.lines, under: offer.lines.map { ($0.receives, $0.sends) })
    (local, remote, pending) = (offer.lines, answer.lines, .none)
  }

  /// RFC 3261 §14.1: the session is what it was. `wasSent`: it was heard, and its version is spent.
  mutating func dropped(wasSent: Bool = true) {
    pending = .none
    if !wasSent { said = saidBefore }
  }

  /// The 200 after an answer that was acknowledged has nothing new to say (RFC 3262 §5).
  mutating func repeats(_ sdp: [UInt8]) {
    check(Description(sdp) == said, "the answer is said again, and differs")
  }

  /// What a party could not say it may still want: that stays as it was.
  private mutating func learn(_ lines: [Line], under allowed: [(Bool, Bool)]) {
    wishes = lines.enumerated().map { place, line in
      var wish = line
      let old = place < wishes.count ? wishes[place] : Line(kind: "", port: 0, profile: "")
      let may = place < allowed.count ? allowed[place] : (true, true)
      if !may.0 { wish.sends = line.sends || old.sends }
      if !may.1 { wish.receives = line.receives || old.receives }
      if line.port == 0 { (wish.sends, wish.receives) = (true, true) }
      return wish
    }
  }

  // MARK: what another dialog is told of this one

  /// An offer made of what this party agreed to, for the dialog that has these lines.
  func offered(to other: ReferenceDialog, _ source: [Line]? = nil) -> [Line] {
    let source = source ?? wishes
    return (0..<max(source.count, other.local.count, other.remote.count)).map { place in
      let old = place < other.remote.count ? other.remote[place] : nil
      guard place < source.count else { return (old ?? other.local[place]).refused }
      var line = source[place]
      if let old, old.isServed, line.isServed { line.profile = old.profile }
      return line.isUsable || line.port == 0 ? line : line.refused
    }
  }

  static func answer(to offer: [Line], with source: [Line]) -> [Line] {
    offer.enumerated().map { place, asked in
      guard place < source.count, asked.isUsable, source[place].isUsable,
        source[place].kind == asked.kind
      else { return asked.refused }
      var line = source[place]
      line.profile = asked.profile
      return asked.kind == "image" ? line : line.limited(asked.receives, asked.sends)
    }
  }

  // MARK: checks

  /// Of a stream that is off only its place counts.
  private mutating func compare(_ said: [Line], _ expected: [Line], _ what: String) {
    let isSame =
      said.count == expected.count
      && zip(said, expected).allSatisfy { one, other in
        one.port == 0 && other.port == 0
          ? one.kind == other.kind : one.kind == "image" ? one.port == other.port : one == other
      }
    check(isSame, "\(what) \(said), not \(expected)")
  }

  private mutating func check(_ holds: Bool, _ text: @autoclosure () -> String) {
    if !holds { violations.append(text()) }
  }
}
