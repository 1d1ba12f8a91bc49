import RCMLBasics
import RCMLDial
import RCMLMedia

/// Says to which call something on a wire belongs, so that a ladder need not guess.
package enum JournalName: Hashable, Sendable {
  case call(CallNumber, sid: CallSid, callID: [UInt8])
  case leg(CallNumber, LegNumber, sid: CallSid, callID: [UInt8])
  case exchange(CallNumber, ExchangeID)
  case stream(CallNumber, Party, MediaID)
  /// What became of a caller's credentials, which the journal does not hold: a replay has to be told.
  case verdict(UInt8)
}

extension FieldWriter {
  mutating func name(_ name: JournalName) {
    switch name {
    case .call(let call, let sid, let callID):
      octet(1)
      number(call.number)
      self.sid(sid)
      octets(callID)
    case .leg(let call, let leg, let sid, let callID):
      octet(2)
      number(call.number)
      number(leg.number)
      self.sid(sid)
      octets(callID)
    case .exchange(let call, let id):
      octet(3)
      number(call.number)
      number(id.number)
    case .verdict(let verdict):
      octet(4)
      octet(verdict)
    case .stream(let call, let party, let stream):
      octet(5)
      number(call.number)
      self.party(party)
      number(stream.number)
    }
  }
}

extension FieldReader {
  mutating func name() throws(Damage) -> JournalName {
    switch try octet() {
    case 1:
      let call = try call()
      let sid = try sid()
      return .call(call, sid: sid, callID: try octets())
    case 2:
      let call = try call()
      let leg = LegNumber(try number(as: UInt32.self))
      let sid = try sid()
      return .leg(call, leg, sid: sid, callID: try octets())
    case 3:
      let call = try call()
      return .exchange(call, ExchangeID(try number()))
    case 4: return .verdict(try octet())
    case 5:
      let call = try call()
      let party = try party()
      return .stream(call, party, MediaID(try number()))
    case let kind: throw Damage(text: "there is no name \(kind)")
    }
  }
}
