// swift-format-ignore-file: AlwaysUseLowerCamelCase
// The names are those of rcml.h.

import CRCML
import RCMLAgent
import RCMLBasics
import RCMLDial

/// A command about one call.
private func command(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ error: UnsafeMutablePointer<rcml_error>?,
  _ make: () throws(Failure) -> CallCommand
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    guard let number = HandleIDs.number(call) else {
      throw Failure(RCML_E_GONE, "0 is no call.")
    }
    _ = try handle.perform(.onCall(number, try make()))
    return RCML_OK.rawValue
  }
}

@c @implementation
public func rcml_call_run(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ document: UnsafePointer<rcml_document>?,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    guard let number = HandleIDs.number(call) else { throw Failure(RCML_E_GONE, "0 is no call.") }
    let document = try GivenDocument(document)
    if !document.settings.isEmpty {
      _ = try handle.perform(.onCall(number, .set(document.settings)))
    }
    _ = try handle.perform(.onCall(number, .run(document.source)))
    return RCML_OK.rawValue
  }
}

@c @implementation
public func rcml_call_ring(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ sip_code: Int32,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  command(agent, call, error) { () throws(Failure) in
    let code = sip_code == 0 ? 180 : sip_code
    guard (180...189).contains(code) else {
      throw Failure(RCML_E_ARGUMENT, "\(code) does not mean ringing: 180 to 189.")
    }
    return .ring(code: UInt16(code))
  }
}

@c @implementation
public func rcml_call_answer(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  command(agent, call, error) { .answer }
}

@c @implementation
public func rcml_call_reject(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ sip_code: Int32,
  _ phrase: UnsafePointer<CChar>?, _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  command(agent, call, error) { () throws(Failure) in
    guard (300...699).contains(sip_code) else {
      throw Failure(RCML_E_ARGUMENT, "\(sip_code) refuses nothing: 300 to 699.")
    }
    let phrase = CText.read(phrase) ?? ""
    // One line of a SIP message: no octet that could end it (RFC 3261 §25.1, Reason-Phrase).
    guard phrase.utf8.count <= 200, phrase.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
      throw Failure(RCML_E_ARGUMENT, "The phrase has control characters, or more than 200 octets.")
    }
    return .reject(code: UInt16(sip_code), phrase: phrase)
  }
}

@c @implementation
public func rcml_call_hang_up(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  command(agent, call, error) { .hangUp }
}

@c @implementation
public func rcml_call_end_dial(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  command(agent, call, error) { .endDial }
}

@c @implementation
public func rcml_call_press_digit(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ key: CChar,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  command(agent, call, error) { () throws(Failure) in .digit(try CText.key(key)) }
}

@c @implementation
public func rcml_call_record(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ path: UnsafePointer<CChar>?,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  command(agent, call, error) { () throws(Failure) in
    guard let path = CText.read(path) else { throw .missing("The path of the file") }
    return .record(path: path)
  }
}

/// What the book says about a call.
private func known(_ handle: AgentHandle, _ call: rcml_call_id) throws(Failure) -> CallBook.Call {
  guard let number = HandleIDs.number(call), let known = handle.book[number] else {
    throw Failure(RCML_E_GONE, "The call has ended, or never was.")
  }
  return known
}

@c @implementation
public func rcml_call_set_context(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ context: UnsafeMutableRawPointer?
) -> Int32 {
  Entry.loop(agent) { handle throws(Failure) in
    guard let number = HandleIDs.number(call), handle.book.set(context, of: number) else {
      throw Failure(RCML_E_GONE, "The call has ended, or never was.")
    }
    return RCML_OK.rawValue
  }
}

@c @implementation
public func rcml_call_state(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ info: UnsafeMutablePointer<rcml_call_info>?
) -> Int32 {
  Entry.loop(agent) { handle throws(Failure) in
    guard let info else { throw .missing("The info struct") }
    let known = try known(handle, call)
    handle.lentInfo.reset()
    var state = rcml_call_info()
    state.sid = handle.lentInfo.put(known.sid)
    state.from = handle.lentInfo.put(known.from)
    state.to = handle.lentInfo.put(known.to)
    state.status = handle.lentInfo.put(known.status.rawValue)
    state.outgoing = known.isOutgoing
    state.answered = known.isAnswered
    state.legs = UInt32(clamping: known.legs.count)
    state.context = known.context
    return SizedStruct.write(state, to: info) ? RCML_OK.rawValue : RCML_E_ARGUMENT.rawValue
  }
}

@c @implementation
public func rcml_call_leg(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ index: Int,
  _ info: UnsafeMutablePointer<rcml_leg_info>?
) -> Int32 {
  Entry.loop(agent) { handle throws(Failure) in
    guard let info else { throw .missing("The info struct") }
    let known = try known(handle, call)
    guard index >= 0, index < known.legs.count, let number = HandleIDs.number(call) else {
      return 0
    }
    let leg = known.legs[index]
    handle.lentInfo.reset()
    var state = rcml_leg_info()
    state.leg = HandleIDs.leg(number, leg.number)
    state.sid = handle.lentInfo.put(leg.sid)
    state.to = handle.lentInfo.put(leg.to)
    state.status = handle.lentInfo.put(leg.status.rawValue)
    state.sip_code = Int32(leg.sipCode ?? 0)
    state.ended = leg.hasEnded
    return SizedStruct.write(state, to: info) ? 1 : RCML_E_ARGUMENT.rawValue
  }
}
