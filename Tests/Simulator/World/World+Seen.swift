import RCMLAgent
import RCMLBasics
import RCMLDial

/// What can be seen of the agent, in the words of the reference.
extension World {
  private func note(_ text: String) {
    seen?.append(SeenEffect(at: (now - start).wholeMilliseconds, text: text))
  }

  private func once(_ text: String, _ key: [UInt8]) {
    if seenKeys.insert(Array(text.utf8) + key).inserted { note(text) }
  }

  func saw(_ message: SipText) {
    guard seen != nil else { return }
    let name = String(decoding: message.user(in: message.to), as: UTF8.self)
    switch message.method {
    case .invite where message.toTag.isEmpty: once("INVITE \(name)", message.callID)
    case .cancel: once("CANCEL \(name)", message.callID)
    case .bye: once("BYE \(name)", message.callID)
    case nil where message.sequenceMethod == .invite && message.code >= 200:
      let caller = String(decoding: message.user(in: message.from), as: UTF8.self)
      if caller.hasPrefix("caller") { once("caller \(message.code)", message.callID) }
    case .invite, .ack, .options, .info, .update, .prack, .other, nil: break
    }
  }

  func saw(_ event: HostEvent) {
    guard seen != nil else { return }
    if case .onCall(_, .legStatus(_, let status)) = event {
      let name = seenName(status.to)
      seenLegs[status.sid.description] = name
      let more = status.event == .completed ? " \(status.status.rawValue)" : ""
      note("\(name) \(status.event)\(more)")
    }
    if case .onCall(_, .dialEnded(let result)) = event {
      let leg = result.legSid.flatMap { seenLegs[$0.description] } ?? "-"
      note(
        "dial \(result.status.rawValue) \(leg) \(result.sipCode.map { "\($0)" } ?? "-") "
          + "\(result.bridged) \(result.screening.map { "\($0)" } ?? "-") \(result.duration)")
    }
  }

  private func seenName(_ address: String) -> String {
    for index in scenario.callees.indices
    where address.hasPrefix("sip:callee\(index)@") || address.hasPrefix("callee\(index)@") {
      return "callee\(index)"
    }
    return "invalid" + address.filter(\.isNumber)
  }

  func saw(_ exchange: HTTPExchange) {
    guard seen != nil else { return }
    let path = "/" + exchange.url.split(separator: "/").dropFirst(2).joined(separator: "/")
    let form = String(decoding: exchange.body, as: UTF8.self)
    if path.hasPrefix("/status/") {
      let sid = Watch.field("CallSid", form) ?? ""
      let event = Watch.field("StatusCallbackEvent", form) ?? ""
      let number = Watch.field("SequenceNumber", form) ?? ""
      note("callback \(seenLegs[sid] ?? sid) \(event) \(number)")
    } else {
      let status = path.hasPrefix("/action/") ? Watch.field("DialCallStatus", form) : nil
      note("fetch \(path)" + (status.map { " \($0)" } ?? ""))
    }
  }
}
