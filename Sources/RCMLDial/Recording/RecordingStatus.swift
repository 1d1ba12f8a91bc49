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

  package init(state: State, recording: Recording, channels: Int, source: Source) {
    self.state = state
    self.recording = recording
    self.channels = channels
    self.source = source
  }
}
