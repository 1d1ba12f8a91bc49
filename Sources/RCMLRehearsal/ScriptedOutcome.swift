import RCMLAgent
import RCMLBasics

/// What one party's phone does, as `--outcome` says it: `1:180,after=2:200,after=3:key=1,after=5:bye`.
public struct ScriptedOutcome {
  public enum Act: Hashable, Sendable {
    case respond(UInt16)
    case bye
    /// One of 0-9 * # A-D.
    case press(UInt8)
    /// Nothing comes any more.
    case silence
    /// The network says that nobody is there.
    case unreachable
  }

  public struct Step: Hashable, Sendable {
    /// Since the step before, or since the INVITE.
    public var after: Interval
    public var act: Act
  }

  /// Counts from 1 over the life of the call, 0 = the caller, be it one that calls or one that is called; nil = every
  /// leg without an outcome.
  public let leg: UInt32?
  public private(set) var steps: [Step]

  /// A party nobody said anything about.
  public static let usual = [
    Step(after: .zero, act: .respond(180)), Step(after: .seconds(2), act: .respond(200)),
    Step(after: .seconds(10), act: .bye),
  ]

  /// `isOutgoing`: the caller is called, and does what a leg does; one that calls is nobody's phone to ring.
  public static func read(_ text: String, isOutgoing: Bool = false) throws(OutcomeProblem)
    -> ScriptedOutcome
  {
    guard let colon = text.firstIndex(of: ":") else {
      throw wrong(
        text, at: text.startIndex, "must begin with the number of a leg and a colon, or *:")
    }
    let name = text[..<colon]
    let leg = UInt32(name)
    guard name == "*" || leg.map({ $0 <= 100_000 }) ?? false else {
      throw wrong(
        text, at: text.startIndex,
        "names the leg \"\(name.prefix(40))\": a number from 1 is needed, or *")
    }
    var outcome = ScriptedOutcome(leg: leg, steps: [])
    var order = OutcomeOrder(calls: leg == 0 && !isOutgoing)
    for piece in text[text.index(after: colon)...].split(
      separator: ",", omittingEmptySubsequences: false)
    {
      let step = try step(piece, of: text)
      if let complaint = order.complaint(about: step.act) {
        throw wrong(text, at: piece.startIndex, "has \"\(piece.prefix(40))\" where \(complaint)")
      }
      outcome.steps.append(step)
    }
    return outcome
  }

  private static func step(_ piece: Substring, of text: String) throws(OutcomeProblem) -> Step {
    var word = piece
    var after = Interval.zero
    if piece.hasPrefix("after=") {
      let rest = piece.dropFirst(6)
      guard let colon = rest.firstIndex(of: ":"), let time = interval(rest[..<colon]) else {
        throw wrong(
          text, at: piece.startIndex,
          "has \"\(piece.prefix(40))\": write after=SECONDS:STEP, SECONDS from 0 to 99999")
      }
      after = time
      word = rest[rest.index(after: colon)...]
    }
    let act: Act
    if word.hasPrefix("key=") {
      let key = word.dropFirst(4)
      guard key.utf8.count == 1, let octet = key.utf8.first, TelephoneKey.isKey(octet) else {
        throw wrong(
          text, at: word.startIndex,
          "has the step \"\(word.prefix(40))\": one key of 0123456789*#ABCD is needed")
      }
      return Step(after: after, act: .press(octet))
    }
    switch word {
    case "bye": act = .bye
    case "none": act = .silence
    case "refused": act = .unreachable
    default:
      guard let code = UInt16(word), (100...699).contains(code) else {
        throw wrong(
          text, at: word.startIndex,
          "has the step \"\(word.prefix(40))\": a SIP status from 100 to 699, key=K, bye, none or refused is needed"
        )
      }
      act = .respond(code)
    }
    return Step(after: after, act: act)
  }

  /// Seconds with up to three decimals.
  private static func interval(_ text: Substring) -> Interval? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), (1...5).contains(parts[0].utf8.count),
      parts.allSatisfy({ $0.utf8.allSatisfy(\.isDigit) })
    else { return nil }
    let decimals = parts.count == 2 ? parts[1] : "0"
    guard (1...3).contains(decimals.utf8.count), let whole = Int(parts[0]),
      let thousandths = Int(decimals + String(repeating: "0", count: 3 - decimals.utf8.count))
    else { return nil }
    return .milliseconds(whole * 1_000 + thousandths)
  }

  private static func wrong(_ text: String, at place: String.Index, _ what: String)
    -> OutcomeProblem
  {
    let column = text.distance(from: text.startIndex, to: place) + 1
    let shown = text.count > 80 ? text.prefix(79) + "…" : text[...]
    return OutcomeProblem(
      text: "The outcome \"\(shown)\" \(what) (character \(column)).",
      column: Int32(clamping: column))
  }
}
