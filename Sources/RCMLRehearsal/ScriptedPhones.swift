import RCMLAgent
import RCMLBasics
import RCMLDial

/// The parties of a rehearsal: the caller, and a phone for each leg that is rung.
struct ScriptedPhones {
  /// What came of a message to a phone.
  enum Reaction {
    /// It says this at once.
    case says([[UInt8]])
    /// It begins its steps, or begins them anew.
    case planned
    case nothing
  }

  private let script: RehearsalScript
  private var caller: ScriptedCaller
  /// By Call-ID.
  private var phones: [[UInt8]: ScriptedPhone] = [:]
  /// The agent's names of its legs.
  private var legs: [String: LegNumber] = [:]

  init(_ script: RehearsalScript) {
    self.script = script
    caller = ScriptedCaller(from: script.from, to: script.to)
  }

  // MARK: The caller

  func callIn() -> [UInt8] { caller.invite() }
  mutating func hangUp() -> [[UInt8]] { caller.hangUp() }

  mutating func callerActs(_ act: ScriptedOutcome.Act) -> [[UInt8]] {
    switch act {
    case .press(let key): caller.press(key)
    case .bye: caller.hangUp()
    case .respond, .silence, .unreachable: []
    }
  }

  // MARK: Who is called

  mutating func learn(_ leg: LegNumber, sid: String) { legs[sid] = leg }

  mutating func received(_ message: PhoneMessage, at place: ScriptedPhone.Place) -> Reaction {
    let callID = message.callID
    if callID == ScriptedCaller.callID { return .says(caller.received(message)) }
    if message.isResponse { return .nothing }
    let isNew = message.method == .invite && !message.hasToTag
    guard var phone = phones[callID] else {
      guard isNew else { return .nothing }
      let number = legNumber(of: message)
      phones[callID] = ScriptedPhone(
        place: place, invite: message, number: Int(number), steps: script.steps(of: number))
      return .planned
    }
    defer { phones[callID] = phone }
    guard isNew else { return .says(phone.answer(message)) }
    // The same INVITE once more says nothing new.
    if phone.invite.cseq == message.cseq { return .nothing }
    phone.calledAgain(message, at: place)
    return .planned
  }

  private func legNumber(of invite: PhoneMessage) -> UInt32 {
    if script.isOutgoing, phones.isEmpty { return 0 }
    if let leg = legs[invite.sid] { return leg.number &+ 1 }
    return UInt32(clamping: phones.count + 1)
  }

  /// What the phone of that call says before its next step, when that comes, and in which turn it is valid.
  func plan(
    _ callID: [UInt8]
  ) -> (at: ScriptedPhone.Place, first: [[UInt8]], after: Interval, turn: Int)? {
    guard let phone = phones[callID], let next = phone.steps.first else { return nil }
    let hurries = next.after > .zero && !phone.isSilent && phone.isFresh
    return (phone.place, hurries ? [phone.trying()] : [], next.after, phone.turn)
  }

  /// The next step of a phone; nil = something else has happened to it since that was planned.
  mutating func step(_ callID: [UInt8], turn: Int) -> Step? {
    guard var phone = phones[callID], phone.turn == turn, let step = phone.takeStep() else {
      return nil
    }
    defer { phones[callID] = phone }
    switch step.act {
    case .respond(let code):
      // After 401, 407 or 3xx the rest waits for another INVITE.
      return Step(at: phone.place, says: phone.respond(code), goesOn: code < 300)
    case .bye: return Step(at: phone.place, says: phone.hangUp())
    case .press(let key): return Step(at: phone.place, says: phone.press(key), goesOn: true)
    case .silence: return Step(at: phone.place)
    case .unreachable: return Step(at: phone.place, isUnreachable: true)
    }
  }

  struct Step {
    var at: ScriptedPhone.Place
    /// nil = nothing.
    var says: [UInt8]?
    var isUnreachable = false
    var goesOn = false
  }
}
