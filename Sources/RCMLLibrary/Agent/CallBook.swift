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
    /// The host's own, never followed.
    var context: UnsafeMutableRawPointer?

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
    _ number: CallNumber, to party: String, from: String, sid: String, isOutgoing: Bool,
    context: UnsafeMutableRawPointer?
  ) {
    // Its first events may have come before the command returned.
    var call = calls[number] ?? Call()
    call.isOutgoing = isOutgoing
    call.to = party
    call.from = from
    call.sid = sid
    call.context = context
    calls[number] = call
  }

  /// False: the call has ended, or never was.
  mutating func set(_ context: UnsafeMutableRawPointer?, of number: CallNumber) -> Bool {
    guard calls[number] != nil else { return false }
    calls[number]?.context = context
    return true
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
    case .onCall(_, .incoming), .message, .refused, .drained: nil
    case .onCall(let number, _), .question(_, let number, _): number
    case .finding(let number, _): number
    }
  }

  /// What every event says of the call it belongs to.
  struct Name {
    var sid = ""
    var context: UnsafeMutableRawPointer?

    init(sid: String = "") { self.sid = sid }

    init(_ call: Call?) {
      sid = call?.sid ?? ""
      context = call?.context
    }
  }

  /// Keeps up with an event, and says whose it is.
  mutating func note(_ event: HostEvent) -> Name {
    switch event {
    case .onCall(let number, let event):
      return note(event, of: number)
    case .question(_, let number, _):
      return Name(calls[number])
    case .finding(let number, _):
      return Name(number.flatMap { calls[$0] })
    case .message, .refused, .drained:
      return Name()
    }
  }

  private mutating func note(_ event: CallEvent, of number: CallNumber) -> Name {
    switch event {
    case .incoming(let incoming):
      calls[number, default: Call()].sid = incoming.sid.description
      calls[number]?.from = incoming.from
      calls[number]?.to = incoming.to
    case .ringing:
      calls[number, default: Call()].isRinging = true
    case .answered:
      calls[number, default: Call()].isAnswered = true
    case .legStatus(let leg, let status):
      note(status, of: leg, in: number)
    case .ended:
      return Name(calls.removeValue(forKey: number))
    case .dialEnded, .digit, .secret, .callback, .exchange, .recording, .host:
      break
    }
    return Name(calls[number])
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
