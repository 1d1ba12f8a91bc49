import RCMLBasics

/// What a recording callback says, and what the host is told of a recording (spec R, P-59).
package struct RecordingStatus: Hashable, Sendable {
  package enum State: String, Hashable, Sendable {
    case inProgress = "in-progress"
    case completed, absent
  }

  package enum Source: String, Hashable, Sendable {
    case dial = "DialVerb"
    case record = "RecordVerb"
    case host = "Host"
  }

  package var state: State
  package var recording: Recording
  package var channels: Int
  package var source: Source
  /// Why there is none, where something failed (spec E-9).
  package var reason: Reason?

  package init(
    state: State, recording: Recording, channels: Int, source: Source, reason: Reason? = nil
  ) {
    self.reason = reason
    self.state = state
    self.recording = recording
    self.channels = channels
    self.source = source
  }
}
