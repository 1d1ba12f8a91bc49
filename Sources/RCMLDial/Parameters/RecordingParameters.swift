import RCMLBasics

/// The parameters of one recording callback (spec P-59).
public enum RecordingParameters {
  /// `startedAt`: RFC 2822.
  public static func make(
    _ status: RecordingStatus, callSid: CallSid, startedAt: String, policy: CallPolicy
  ) -> [Parameter] {
    var list = [
      Parameter("AccountSid", policy.accountSid), Parameter("CallSid", callSid.description),
    ]
    switch status.state {
    case .inProgress: list.append(Parameter("RecordingSid", status.recording.sid))
    case .completed: list += status.recording.parameters
    case .absent: list.append(Parameter("RecordingSid", status.recording.sid))
    }
    list.append(Parameter("RecordingStatus", status.state.rawValue))
    list.append(Parameter("RecordingChannels", "\(status.channels)"))
    list.append(Parameter("RecordingSource", status.source.rawValue))
    list.append(Parameter("RecordingStartTime", startedAt))
    return list.filter { !$0.value.isEmpty } + policy.extraParameters
  }
}
