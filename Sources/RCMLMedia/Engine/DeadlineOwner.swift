import RCMLBasics

/// Whom a deadline of the media engine is about. An owner that has set a later one since does nothing.
enum DeadlineOwner {
  /// The next packet of what is played, a report, the look whether there is still sound: of the stream in a slot.
  case frame(slot: Int)
  case report(slot: Int)
  case silence(slot: Int)
  /// A step of a recording.
  case recording(RecordingID)

  var timer: TimerName {
    switch self {
    case .frame: .frame
    case .report: .report
    case .silence: .silence
    case .recording: .recording
    }
  }
}
