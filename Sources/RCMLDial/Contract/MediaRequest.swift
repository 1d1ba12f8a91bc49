import RCMLBasics
import RCMLDocument

/// What is to be heard, collected or recorded.
public enum MediaRequest: Sendable {
  /// `of`: the origin of the document that wants it.
  indirect case perform(PerformanceNumber, on: Party, Performance, of: DocumentOrigin)
  /// Nobody waits for it any more; a Record that runs is brought to its end, and told as `performed` all the same.
  case stopPerforming(PerformanceNumber)
  case record(RecordingRequest)
  /// The winner, when the recording began before there was one.
  case addToRecording(sid: String, LegNumber)
  /// `isKept` false: its file goes. What was kept is told as `recorded`.
  case endRecording(sid: String, isKept: Bool)
}
