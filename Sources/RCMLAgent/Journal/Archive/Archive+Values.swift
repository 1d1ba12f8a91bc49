import RCMLBasics
import RCMLDial
import RCMLMedia

/// What many records are made of.
extension Archive {
  func call(_ x: CallNumber?) throws(Damage) -> CallNumber { CallNumber(try number(x?.number)) }
  func leg(_ x: LegNumber?) throws(Damage) -> LegNumber { LegNumber(try number(x?.number)) }
  func lookup(_ x: ResolutionID?) throws(Damage) -> ResolutionID {
    ResolutionID(try number(x?.number))
  }
  func exchange(_ x: ExchangeID?) throws(Damage) -> ExchangeID {
    ExchangeID(try number(x?.number))
  }
  func question(_ x: QuestionID?) throws(Damage) -> QuestionID {
    QuestionID(try number(x?.number))
  }
  func listener(_ x: ListenerID?) throws(Damage) -> ListenerID {
    ListenerID(try number(x?.number))
  }
  func connection(_ x: ConnectionID?) throws(Damage) -> ConnectionID {
    ConnectionID(try number(x?.number))
  }
  func media(_ x: MediaID?) throws(Damage) -> MediaID { MediaID(try number(x?.number)) }
  func sound(_ x: SoundID?) throws(Damage) -> SoundID { SoundID(try number(x?.number)) }
  func playback(_ x: PlaybackID?) throws(Damage) -> PlaybackID {
    PlaybackID(try number(x?.number))
  }
  func recording(_ x: RecordingID?) throws(Damage) -> RecordingID {
    RecordingID(try number(x?.number))
  }

  func instant(_ x: Instant?) throws(Damage) -> Instant {
    Instant(nanoseconds: try number(x?.nanoseconds))
  }

  func interval(_ x: Interval?) throws(Damage) -> Interval {
    Interval(nanoseconds: try signed(x?.nanoseconds))
  }

  func wall(_ x: WallClock?) throws(Damage) -> WallClock {
    WallClock(unixMicroseconds: try signed(x?.unixMicroseconds), at: try instant(x?.instant))
  }

  func sid(_ x: CallSid?) throws(Damage) -> CallSid {
    CallSid(high: try number(x?.high), low: try number(x?.low))
  }

  func address(_ x: SocketAddress?) throws(Damage) -> SocketAddress {
    switch try octet(x.map { $0.family == .ipv4 ? 4 : 6 }) {
    case 4:
      let address = try fixed(x?.low, octets: 4)
      return SocketAddress(
        ipv4: UInt32(truncatingIfNeeded: address), port: try number(x?.port))
    case 6:
      return SocketAddress(
        ipv6High: try fixed(x?.high, octets: 8), low: try fixed(x?.low, octets: 8),
        port: try number(x?.port))
    case let family:
      throw Damage(text: "there is no address family \(family)")
    }
  }

  /// The last octets of a number, the highest first.
  private func fixed(_ x: UInt64?, octets: UInt64) throws(Damage) -> UInt64 {
    var value: UInt64 = 0
    for place in 0..<octets {
      let next = x.map { UInt8(truncatingIfNeeded: $0 >> ((octets - 1 - place) * 8)) }
      value = value << 8 | UInt64(try octet(next))
    }
    return value
  }

  func header(_ x: HeaderLine?) throws(Damage) -> HeaderLine {
    let masked = x.map { mask.header($0) }
    return HeaderLine(name: try octets(masked?.name), value: try octets(masked?.value))
  }

  func reason(_ x: Reason?) throws(Damage) -> Reason {
    let word: ReasonWord = try named(x?.word)
    let code = try reasonCode(x?.code)
    let status: UInt16 = try number(x?.sipStatus)
    return Reason(code, try text(x?.sentence), word: word, sipStatus: status)
  }

  func reasonCode(_ x: ReasonCode?) throws(Damage) -> ReasonCode {
    let number: UInt16 = try number(x?.rawValue)
    guard let code = x ?? ReasonCode(rawValue: number) else {
      throw Damage(text: "there is no reason \(number)")
    }
    return code
  }

  func party(_ x: Party?) throws(Damage) -> Party {
    switch try kind(of: x) {
    case .caller: return .caller
    case .leg:
      return .leg(try leg(x.flatMap { if case .leg(let leg) = $0 { leg } else { nil } }))
    }
  }

  // MARK: what may hold secrets

  func url(_ x: String?) throws(Damage) -> String { try text(x.map { mask.url($0) }) }

  /// A user name or password by itself.
  func secret(_ x: Private<String>?) throws(Damage) -> Private<String> {
    Private(try text(x.map { mask.secret($0.exposed) }))
  }

  /// Words or octets that came out of a document or body: what is masked in the one is masked in the other.
  func content(_ x: String?) throws(Damage) -> String {
    try text(x.map { String(decoding: mask.document(Array($0.utf8)), as: UTF8.self) })
  }

  func content(_ x: [UInt8]?) throws(Damage) -> [UInt8] {
    try octets(x.map { mask.document($0) })
  }

  /// A body that may be a document.
  func document(_ x: [UInt8]?) throws(Damage) -> [UInt8] {
    try body(x) { mask.document($0) }
  }
}

extension Party: Kinded {
  enum Kind: UInt8, CaseIterable {
    case caller = 1
    case leg = 2
  }

  var kind: Kind {
    switch self {
    case .caller: .caller
    case .leg: .leg
    }
  }
}
