import CRCML
import RCMLBasics

/// Ids as the header has them: 0 is none, and all stay below 2^53 for the sake of languages whose numbers are doubles.
enum HandleIDs {
  private static let legBits: UInt64 = 20

  /// The number itself, which counts from 1, so that a journal and its ladder name calls as the host does.
  static func call(_ number: CallNumber) -> rcml_call_id { number.number }

  static func number(_ call: rcml_call_id) -> CallNumber? {
    call == 0 ? nil : CallNumber(call)
  }

  /// The call above the leg, which counts from 1.
  static func leg(_ call: CallNumber, _ leg: LegNumber) -> rcml_leg_id {
    (self.call(call) << legBits) | (UInt64(leg.number) &+ 1)
  }

  /// Which leg of which call; nil = none.
  static func leg(_ id: rcml_leg_id) -> (call: CallNumber, leg: LegNumber)? {
    let number = id & ((1 << legBits) - 1)
    guard number > 0, let call = self.number(id >> legBits) else { return nil }
    return (call, LegNumber(UInt32(number - 1)))
  }

  static func request(_ exchange: ExchangeID) -> rcml_request_id { exchange.number }

  static func exchange(_ request: rcml_request_id) -> ExchangeID? {
    request == 0 ? nil : ExchangeID(request)
  }
}
