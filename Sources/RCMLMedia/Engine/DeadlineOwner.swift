import RCMLBasics

/// Whom a deadline of the media engine is about. An owner that has set a later one since does nothing.
enum DeadlineOwner {
  /// The next packet of what is played, a report, the look whether there is still sound: of the stream in a slot.
  case frame(slot: Int)
  case report(slot: Int)
  case silence(slot: Int)
  /// A step of a recording.
  case recording(RecordingID)

  /// As a queue of deadlines has it: which kind in the last two bits.
  var number: UInt64 {
    switch self {
    case .frame(let slot): UInt64(slot) << 2
    case .report(let slot): UInt64(slot) << 2 | 1
    case .silence(let slot): UInt64(slot) << 2 | 2
    case .recording(let id): id.number << 2 | 3
    }
  }

  init(number: UInt64) {
    switch number & 3 {
    case 0: self = .frame(slot: Int(number >> 2))
    case 1: self = .report(slot: Int(number >> 2))
    case 2: self = .silence(slot: Int(number >> 2))
    default: self = .recording(RecordingID(number >> 2))
    }
  }

  var timer: TimerName {
    switch self {
    case .frame: .frame
    case .report: .report
    case .silence: .silence
    case .recording: .recording
    }
  }
}
