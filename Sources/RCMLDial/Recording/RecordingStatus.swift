import RCMLBasics

/// What a recording callback says, and what the host is told of a recording (spec R, P-59).
public struct RecordingStatus: Hashable, Sendable {
  public enum State: String, Hashable, Sendable {
    case inProgress = "in-progress"
    case completed, absent
  }

  public enum Source: String, Hashable, Sendable {
    case dial = "DialVerb"
    case record = "RecordVerb"
    case host = "Host"
  }

  public var state: State
  public var recording: Recording
  public var channels: Int
  public var source: Source
  /// Why there is none, where something failed (spec E-9).
  public var reason: Reason?

  public init(
    state: State, recording: Recording, channels: Int, source: Source, reason: Reason? = nil
  ) {
    self.reason = reason
    self.state = state
    self.recording = recording
    self.channels = channels
    self.source = source
  }
}
