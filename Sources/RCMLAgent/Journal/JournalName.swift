import RCMLBasics
import RCMLDial
import RCMLMedia

/// Says to which call something on a wire belongs, so that a ladder need not guess.
public enum JournalName: Hashable, Sendable {
  case call(CallNumber, sid: CallSid, callID: [UInt8])
  case leg(CallNumber, LegNumber, sid: CallSid, callID: [UInt8])
  case exchange(CallNumber, ExchangeID)
  case stream(CallNumber, Party, MediaID)
  /// What became of a caller's credentials, which the journal does not hold: a replay has to be told.
  case verdict(UInt8)
  /// A verb of a document began.
  case verb(CallNumber, RunVerb)
}

/// Which verb of which document: where it stands in the text, and for whom it runs.
public struct RunVerb: Hashable, Sendable {
  /// Nil: the caller, else a leg that is screened.
  public var leg: LegNumber?
  public var name: String
  /// From 1; 0 = it stands in no text.
  public var line: Int

  public init(leg: LegNumber?, name: String, line: Int) {
    self.leg = leg
    self.name = name
    self.line = line
  }

  /// `<Say> of line 3 for leg 1`.
  public var words: String {
    let place = line > 0 ? " of line \(line)" : ""
    return "<\(name)>\(place)" + (leg.map { " for \($0.name)" } ?? "")
  }
}

extension Archive {
  func name(_ x: JournalName?) throws(Damage) -> JournalName {
    switch try kind(of: x) {
    case .call:
      let x = x.flatMap { if case .call(let a, let b, let c) = $0 { (a, b, c) } else { nil } }
      return .call(try call(x?.0), sid: try sid(x?.1), callID: try octets(x?.2))
    case .leg:
      let x = x.flatMap {
        if case .leg(let a, let b, let c, let d) = $0 { (a, b, c, d) } else { nil }
      }
      return .leg(
        try call(x?.0), try leg(x?.1), sid: try sid(x?.2), callID: try octets(x?.3))
    case .exchange:
      let x = x.flatMap { if case .exchange(let a, let b) = $0 { (a, b) } else { nil } }
      return .exchange(try call(x?.0), try exchange(x?.1))
    case .verdict:
      let x = x.flatMap { if case .verdict(let verdict) = $0 { verdict } else { nil } }
      return .verdict(try octet(x))
    case .stream:
      let x = x.flatMap { if case .stream(let a, let b, let c) = $0 { (a, b, c) } else { nil } }
      return .stream(try call(x?.0), try party(x?.1), try media(x?.2))
    case .verb:
      let x = x.flatMap { if case .verb(let a, let b) = $0 { (a, b) } else { nil } }
      return .verb(
        try call(x?.0),
        RunVerb(
          leg: try optional(x?.1.leg, leg), name: try text(x?.1.name),
          line: try signed(x?.1.line)))
    }
  }
}

extension JournalName: Kinded {
  enum Kind: UInt8, CaseIterable {
    case call = 1
    case leg = 2
    case exchange = 3
    case verdict = 4
    case stream = 5
    case verb = 6
  }

  var kind: Kind {
    switch self {
    case .call: .call
    case .leg: .leg
    case .exchange: .exchange
    case .verdict: .verdict
    case .stream: .stream
    case .verb: .verb
    }
  }
}
