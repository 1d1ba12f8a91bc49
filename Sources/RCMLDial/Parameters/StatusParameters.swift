import RCMLBasics
import RCMLDocument

/// The parameters of one status callback (spec §12.3).
public enum StatusParameters {
  /// The number of an event under `fixed` (K-8).
  public static func fixedNumber(of event: SipNoun.Event) -> Int {
    switch event {
    case .initiated: 0
    case .ringing: 1
    case .answered: 2
    case .completed: 3
    }
  }

  public static func name(of event: SipNoun.Event) -> String {
    switch event {
    case .initiated: "initiated"
    case .ringing: "ringing"
    case .answered: "answered"
    case .completed: "completed"
    }
  }

  /// `isError`: its reason is told as one (E-9).
  public static func make(
    _ status: LegStatus, voice: VoiceParameters, number: Int, wall: WallClock, policy: CallPolicy,
    recording: Recording? = nil, isError: Bool = false
  ) -> [Parameter] {
    let event = name(of: status.event)
    // CallStatus stands once, at P-5's place.
    var list = voice.list(
      status: policy.callStatusIsEvent ? event : status.status.rawValue, policy: policy)
    list.append(Parameter("StatusCallbackEvent", event))
    list.append(Parameter("Timestamp", wall.timestamp(at: status.instant)))
    list.append(Parameter("CallbackSource", "call-progress-events"))
    list.append(Parameter("SequenceNumber", "\(number)"))
    if status.event == .completed {
      list.append(Parameter("CallDuration", "\(status.duration)"))
      if let code = status.sipCode { list.append(Parameter("SipResponseCode", "\(code)")) }
      if let side = status.hangupBy { list.append(Parameter("HangupBy", side.rawValue)) }
      list += recording?.parameters ?? []
      if isError { list += status.reason?.parameters ?? [] }
    }
    return list + policy.extraParameters
  }
}
