import RCMLAgent
import RCMLBasics
import RCMLDial
import RCMLDocument

/// What status callbacks say, against what happened (I-C1 … I-C6, spec K, P-20 … P-25).
extension Watch {
  func callback(_ form: String, _ key: String, _ exchange: HTTPExchange) {
    guard let sid = Watch.field("CallSid", form), let text = Watch.field("SequenceNumber", form),
      let number = Int(text), let name = Watch.field("StatusCallbackEvent", form),
      let event = Watch.event(name)
    else { return fail(.numberedCallbacks, "a status callback without its parameters: \(form)") }
    let before = callbacks.byLeg[sid] ?? []
    if let last = before.last, last.key == key {
      if last.body != exchange.body {
        fail(.numberedCallbacks, "a repeated callback says something else")
      }
      return
    }
    if !callbacks.keys.insert(key).inserted {
      fail(.numberedCallbacks, "callback \(number) of \(sid) carries the key of another one")
    }
    callbacks.byLeg[sid, default: []].append(
      CallbackRecords.Callback(key: key, body: exchange.body, number: number, event: event))
    if let last = before.last, event.rawValue <= last.event.rawValue {
      fail(.orderedEvents, "callback \(name) of \(sid) came after \(last.event)")
    }
    guard let told = events[sid]?.told, let place = told.firstIndex(where: { $0.event == event })
    else { return fail(.orderedEvents, "callback \(name) of \(sid), and it did not happen") }
    checkNumber(number, of: told[...place].map(\.event), exchange.url)
    checkParameters(form, told[place], sid)
  }

  /// 0, 1, 2 … over the events this target subscribed to (K-8); the scenario writes those into the URL.
  private func checkNumber(_ number: Int, of happened: [SipNoun.Event], _ url: String) {
    let parts = url.split(separator: "=")
    guard parts.count == 2, let names = parts.last else { return }
    let wanted = String(names).split(separator: ",").compactMap { Watch.event(String($0)) }
    let counted = happened.filter { names == "all" || wanted.contains($0) }
    if let event = happened.last, counted.last != event {
      fail(.numberedCallbacks, "a callback for \(event), which nobody subscribed to")
    }
    if number != counted.count - 1 {
      fail(.numberedCallbacks, "callback \(counted.count - 1) of a leg carries number \(number)")
    }
  }

  private func checkParameters(_ form: String, _ status: LegStatus, _ sid: String) {
    let duration = Watch.field("CallDuration", form)
    let expected = status.event == .completed ? "\(status.duration)" : nil
    if duration != expected {
      fail(
        .durations,
        "CallDuration \(duration ?? "none") with \(status.event), not \(expected ?? "none")")
    }
    let state: String
    switch status.event {
    case .initiated: state = "initiated"
    case .ringing: state = "ringing"
    case .answered: state = "in-progress"
    case .completed: state = status.status.rawValue
    }
    if Watch.field("CallStatus", form) != state {
      fail(
        .legStatus, "CallStatus \(Watch.field("CallStatus", form) ?? "none") instead of \(state)")
    }
    let stamp = MailDate.text(
      unixSeconds: 1_700_000_000 + (status.instant - World.beginning).wholeSeconds)
    let said = Watch.field("Timestamp", form).map(Watch.decoded)
    if said != stamp {
      fail(.durations, "Timestamp \(said ?? "none") of \(status.event) at \(stamp)")
    }
    guard let parent = Watch.field("ParentCallSid", form), parent != sid,
      let call = events[sid]?.call
    else { return fail(.distinctSids, "a callback of \(sid) names no parent of its own") }
    if let known = callbacks.parents[call], known != parent {
      fail(.distinctSids, "legs of one call have the parents \(known) and \(parent)")
    }
    callbacks.parents[call] = parent
  }

  /// Everything that was subscribed to was at least tried, `completed` last (I-C6).
  func finishCallbacks() {
    guard !hostInterferes else { return }
    for leg in legs where calledBack.contains(leg.target) {
      if callbacks.byLeg[leg.sid]?.last?.event != .completed {
        fail(.callbacksArrive, "\(leg.target)'s completed callback was never sent")
      }
    }
  }

  static func event(_ name: String) -> SipNoun.Event? {
    switch name {
    case "initiated": return .initiated
    case "ringing": return .ringing
    case "answered": return .answered
    case "completed": return .completed
    default: return nil
    }
  }

  /// A form-encoded value as it was.
  static func decoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let first = rest.popFirst() {
      if first == UInt8(ascii: "%"), rest.count >= 2,
        let byte = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(byte)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(first == UInt8(ascii: "+") ? 32 : first)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
