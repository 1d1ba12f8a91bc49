// swift-format-ignore-file: AlwaysUseLowerCamelCase
// The names are those of rcml.h.

import CRCML
import RCMLAgent
import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLReactor

@c @implementation
public func rcml_agent_host_call(
  _ agent: OpaquePointer?, _ options: UnsafePointer<rcml_host_call_options>?,
  _ out_call: UnsafeMutablePointer<rcml_call_id>?, _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    guard let options else { throw .missing("The options struct") }
    guard let given = SizedStruct.read(options, otherwise: rcml_host_call_options()) else {
      throw Failure(
        RCML_E_ARGUMENT, "The options were not set up with RCML_HOST_CALL_OPTIONS_INIT.")
    }
    guard let media = UInt8(exactly: given.media).flatMap(HostMedia.init(rawValue:)) else {
      throw Failure(RCML_E_ARGUMENT, "\(given.media) is no rcml_host_media.")
    }
    let sdp = media.isFrames ? [] : try HostSDP.read(given.sdp, given.sdp_length)
    let document = try given.document.map { pointer throws(Failure) in
      try GivenDocument(pointer)
    }
    var caller = HostCaller(
      from: CText.read(given.from) ?? "", to: CText.read(given.to) ?? "",
      name: CText.read(given.name) ?? "", media: media, sdp: sdp)
    caller.headers = HostHeaders.read(given.headers, diversion: given.diversion)
    caller.isPrivate = given.withheld
    caller.isAnswered = given.answered
    caller.settings =
      try GivenDocument.settings(given.settings, given.setting_count) + (document?.settings ?? [])
    guard case .called(let number) = try handle.perform(.hostCall(caller, document?.source)) else {
      throw Failure(RCML_E_STATE, "The agent made no call.")
    }
    handle.book.began(
      number, to: caller.to, from: caller.from, sid: handle.sid(of: number), isOutgoing: false,
      context: given.context)
    out_call?.pointee = HandleIDs.call(number)
    return RCML_OK.rawValue
  }
}

/// The header fields of a caller as the host hands them over.
private enum HostHeaders {
  static func read(
    _ form: UnsafePointer<CChar>?, diversion: UnsafePointer<CChar>?
  ) -> [HeaderLine] {
    var lines = FormEncoding.decode(CText.read(form) ?? "").map {
      HeaderLine(name: Array($0.name.utf8), value: Array($0.value.utf8))
    }
    if let diversion = CText.read(diversion), !diversion.isEmpty {
      lines.append(HeaderLine("Diversion", Array(diversion.utf8)))
    }
    return lines
  }
}

/// An offer or answer as the host hands it over.
private enum HostSDP {
  static let limit = 65_536

  static func read(_ sdp: UnsafePointer<CChar>?, _ length: Int) throws(Failure) -> [UInt8] {
    guard let sdp else { return [] }
    guard let octets = CText.octets(sdp, length: length), octets.count <= limit else {
      throw Failure(RCML_E_ARGUMENT, "The SDP's length is no length, or more than \(limit).")
    }
    return octets
  }
}

/// Which party is meant; nil = the caller.
private func party(
  _ call: rcml_call_id, _ leg: rcml_leg_id
) throws(Failure) -> (call: CallNumber, leg: LegNumber?) {
  guard let number = HandleIDs.number(call) else { throw Failure(RCML_E_GONE, "0 is no call.") }
  guard leg != 0 else { return (number, nil) }
  guard let known = HandleIDs.leg(leg), known.call == number else {
    throw Failure(RCML_E_GONE, "The call has no such leg.")
  }
  return (number, known.leg)
}

/// What the host says about one party.
private func say(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ leg: rcml_leg_id,
  _ error: UnsafeMutablePointer<rcml_error>?, _ make: () throws(Failure) -> HostPartyReport
) -> Int32 {
  Entry.loop(agent, error) { handle throws(Failure) in
    let party = try party(call, leg)
    _ = try handle.perform(.onCall(party.call, .hostSays(party.leg, try make())))
    return RCML_OK.rawValue
  }
}

/// `otherwise` for 0.
private func code(
  _ given: Int32, _ range: ClosedRange<Int32>, otherwise: UInt16, _ what: StaticString
) throws(Failure) -> UInt16 {
  if given == 0 { return otherwise }
  guard range.contains(given) else {
    throw Failure(
      RCML_E_ARGUMENT, "\(given) \(what): \(range.lowerBound) to \(range.upperBound).")
  }
  return UInt16(given)
}

@c @implementation
public func rcml_host_ring(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ leg: rcml_leg_id, _ sip_code: Int32,
  _ sdp: UnsafePointer<CChar>?, _ sdp_length: Int, _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  say(agent, call, leg, error) { () throws(Failure) in
    .rings(
      code: try code(sip_code, 180...189, otherwise: 180, "does not mean ringing"),
      sdp: try HostSDP.read(sdp, sdp_length))
  }
}

@c @implementation
public func rcml_host_answer(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ leg: rcml_leg_id,
  _ sdp: UnsafePointer<CChar>?, _ sdp_length: Int, _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  say(agent, call, leg, error) { () throws(Failure) in
    .answers(sdp: try HostSDP.read(sdp, sdp_length))
  }
}

@c @implementation
public func rcml_host_offer(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ leg: rcml_leg_id,
  _ sdp: UnsafePointer<CChar>?, _ sdp_length: Int, _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  say(agent, call, leg, error) { () throws(Failure) in
    let octets = try HostSDP.read(sdp, sdp_length)
    guard !octets.isEmpty else { throw .missing("The offer") }
    return .offers(sdp: octets)
  }
}

@c @implementation
public func rcml_host_refuse(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ leg: rcml_leg_id, _ sip_code: Int32,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  say(agent, call, leg, error) { () throws(Failure) in
    .refuses(code: try code(sip_code, 300...699, otherwise: 488, "refuses nothing"))
  }
}

@c @implementation
public func rcml_host_hang_up(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ leg: rcml_leg_id, _ sip_code: Int32,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  say(agent, call, leg, error) { () throws(Failure) in
    .ends(code: try code(sip_code, 300...699, otherwise: 0, "refuses nothing"))
  }
}

@c @implementation
public func rcml_host_press_digit(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ leg: rcml_leg_id, _ key: CChar,
  _ error: UnsafeMutablePointer<rcml_error>?
) -> Int32 {
  say(agent, call, leg, error) { () throws(Failure) in .presses(try CText.key(key)) }
}

/// The frames of a party: their stream, and their form.
private func frames(
  _ handle: AgentHandle, _ call: rcml_call_id, _ leg: rcml_leg_id, _ length: Int
) throws(Failure) -> MediaID? {
  let party = try party(call, leg)
  guard handle.book[party.call] != nil else {
    throw Failure(RCML_E_GONE, "The call has ended, or never was.")
  }
  let known = try handle.with { reactor throws(ReactorError) in
    reactor.frames(of: party.leg, party.call)
  }
  guard let known else {
    throw Failure(RCML_E_STATE, "The party is none of yours, has left, or speaks in SDP.")
  }
  guard length == known.media.frameOctets else {
    throw Failure(
      RCML_E_ARGUMENT, "A frame of this party has \(known.media.frameOctets) octets, not \(length)."
    )
  }
  return known.stream
}

@c @implementation
public func rcml_host_push(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ leg: rcml_leg_id,
  _ frame: UnsafeRawPointer?, _ length: Int
) -> Int32 {
  Entry.frames(agent) { handle throws(Failure) in
    guard let frame else { throw .missing("The frame") }
    guard let stream = try frames(handle, call, leg, length) else { return 0 }
    let octets = UnsafeRawBufferPointer(start: frame, count: length)
    return try handle.with { reactor throws(ReactorError) in
      try reactor.pushFrame(stream, octets) ? 1 : 0
    }
  }
}

@c @implementation
public func rcml_host_pull(
  _ agent: OpaquePointer?, _ call: rcml_call_id, _ leg: rcml_leg_id,
  _ frame: UnsafeMutableRawPointer?, _ length: Int
) -> Int32 {
  Entry.frames(agent) { handle throws(Failure) in
    guard let frame else { throw .missing("The frame") }
    guard let stream = try frames(handle, call, leg, length) else { return 0 }
    let room = UnsafeMutableRawBufferPointer(start: frame, count: length)
    return try handle.with { reactor throws(ReactorError) in
      try reactor.pullFrame(stream, into: room) ? 1 : 0
    }
  }
}
