import RCMLBasics

/// What the action request says of a Dial (spec §12.5), after the caller's voice parameters.
public enum DialParameters {
  /// One row of P-51.
  public struct LegOutcome: Sendable {
    public var targetIndex: Int
    public var sid: CallSid
    public var to: String
    public var status: CallStatus
    public var code: UInt16?
  }

  /// `sipCallID`: of the deciding leg, empty = no INVITE was sent.
  public static func make(
    _ result: DialResult, sipCallID: String, headers: [Parameter], legs: [LegOutcome],
    policy: CallPolicy
  ) -> [Parameter] {
    var list = [Parameter("DialCallStatus", result.status.rawValue)]
    if let sid = result.legSid { list.append(Parameter("DialCallSid", sid.description)) }
    list.append(Parameter("DialCallDuration", "\(result.duration)"))
    list.append(Parameter("DialBridged", result.bridged ? "true" : "false"))
    if result.leg != nil { list.append(Parameter("DialRingDuration", "\(result.ringDuration)")) }
    if !sipCallID.isEmpty { list.append(Parameter("DialSipCallId", sipCallID)) }
    if let code = result.sipCode { list.append(Parameter("DialSipResponseCode", "\(code)")) }
    list += headers  // P-47
    list += result.recording?.parameters ?? []
    if let screening = result.screening {
      list.append(Parameter("DialScreeningResult", screening.rawValue))
    }
    if result.bridged, let side = result.hangupBy {
      list.append(Parameter("DialHangupBy", side.rawValue))
    }
    if result.status == .failed { list += result.reason?.parameters ?? [] }
    // E-3
    guard policy.sendsLegResults else { return list }
    list.append(Parameter("DialLegCount", "\(legs.count)"))
    for leg in legs {
      let name = "DialLeg\(leg.targetIndex)_"
      list.append(Parameter(name + "Sid", leg.sid.description))
      list.append(Parameter(name + "To", leg.to))
      list.append(Parameter(name + "Status", leg.status.rawValue))
      if let code = leg.code { list.append(Parameter(name + "SipResponseCode", "\(code)")) }
    }
    return list
  }
}
