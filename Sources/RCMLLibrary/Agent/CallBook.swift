import RCMLAgent
import RCMLBasics
import RCMLDial

/// What the events said about the calls that have not ended; the source of `rcml_call_state`.
struct CallBook {
  struct Call {
    var sid = ""
    var from = ""
    var to = ""
    var isOutgoing = false
    var isAnswered = false
    var isRinging = false
    var legs: [Leg] = []

    var status: CallStatus {
      isAnswered ? .inProgress : isRinging || !isOutgoing ? .ringing : .queued
    }
  }

  struct Leg {
    var number: LegNumber
    var sid: String
    var to: String
    var status: CallStatus
    var sipCode: UInt16?
    var hasEnded: Bool
  }

  private var calls: [CallNumber: Call] = [:]

  subscript(number: CallNumber) -> Call? { calls[number] }

  mutating func began(
    _ number: CallNumber, to party: String, from: String, sid: String, isOutgoing: Bool = true
  ) {
    // Its first events may have come before the command returned.
    var call = calls[number] ?? Call()
    call.isOutgoing = isOutgoing
    call.to = party
    call.from = from
    call.sid = sid
    calls[number] = call
  }

  /// Learns the name of a call whose `incoming` was not told, because it runs the default document.
  mutating func named(_ number: CallNumber, _ sid: CallSid) {
    if calls[number]?.sid.isEmpty ?? true {
      calls[number, default: Call()].sid = sid.description
    }
  }

  /// The call of an event that may be the first one of its call.
  static func call(of event: HostEvent) -> CallNumber? {
    switch event {
    case .ringing(let number), .answered(let number), .legStatus(let number, _, _),
      .dialEnded(let number, _), .digit(let number, _, _):
      number
    case .finding(let number, _), .request(_, let number, _, _, _): number
    case .credentials(_, let number, _, _, _), .target(_, let number, _),
      .callback(let number, _, _), .recording(let number, _), .url(_, let number, _, _),
      .speech(_, let number, _, _, _), .host(let number, _, _):
      number
    case .incoming, .ended, .message, .refused, .drained: nil
    }
  }

  /// Keeps up with an event, and says the sid of its call.
  mutating func note(_ event: HostEvent) -> String {
    switch event {
    case .incoming(let number, let sid, let from, let to):
      calls[number, default: Call()].sid = sid.description
      calls[number]?.from = from
      calls[number]?.to = to
      return sid.description
    case .ringing(let number):
      calls[number, default: Call()].isRinging = true
      return calls[number]?.sid ?? ""
    case .answered(let number):
      calls[number, default: Call()].isAnswered = true
      return calls[number]?.sid ?? ""
    case .legStatus(let number, let leg, let status):
      note(status, of: leg, in: number)
      return calls[number]?.sid ?? ""
    case .dialEnded(let number, _), .digit(let number, _, _),
      .credentials(_, let number, _, _, _), .target(_, let number, _), .callback(let number, _, _),
      .recording(let number, _), .url(_, let number, _, _), .speech(_, let number, _, _, _),
      .host(let number, _, _):
      return calls[number]?.sid ?? ""
    case .finding(let number, _), .request(_, let number, _, _, _):
      return number.flatMap { calls[$0]?.sid } ?? ""
    case .ended(let number, _):
      return calls.removeValue(forKey: number)?.sid ?? ""
    case .message, .refused, .drained:
      return ""
    }
  }

  private mutating func note(_ status: LegStatus, of leg: LegNumber, in number: CallNumber) {
    let entry = Leg(
      number: leg, sid: status.sid.description, to: status.to, status: status.status,
      sipCode: status.sipCode, hasEnded: status.event == .completed)
    var call = calls[number] ?? Call()
    if let at = call.legs.lastIndex(where: { $0.number == leg }) {
      call.legs[at] = entry
    } else {
      call.legs.append(entry)
    }
    calls[number] = call
  }
}
