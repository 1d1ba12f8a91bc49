import RCMLBasics
import RCMLDocument

/// The recording of one Dial, from its first sample to the last word about it.
struct DialRecording {
  let sid: String
  let url: String
  let isDual: Bool
  let startedAt: Instant
  /// nil = it still runs.
  var endedAt: Instant?
  let callback: Callback?

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
