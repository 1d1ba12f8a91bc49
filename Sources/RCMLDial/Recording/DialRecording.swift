import RCMLBasics
import RCMLDocument

/// The recording of one Dial, or of a Record verb, from its first sample to the last word about it.
struct DialRecording {
  let sid: String
  let url: String
  let isDual: Bool
  let startedAt: Instant
  /// nil = it still runs.
  var endedAt: Instant?
  let callback: Callback?
  var source = RecordingStatus.Source.dial
  /// Whose it is: the caller's, or the leg's that is screened (P-1); nil = the caller's.
  var callSid: CallSid?

  /// Where, how and of what the web is told (spec D-12).
  struct Callback {
    let url: String
    let method: HTTPMethod
    let events: [String]
    /// Of the document that wants it.
    let origin: DocumentOrigin
  }

  var channels: Int { isDual ? 2 : 1 }

  func recording(at now: Instant) -> Recording {
    Recording(
      url: url, sid: sid, duration: max(0, ((endedAt ?? now) - startedAt).wholeSeconds))
  }
}
