/// A finished recording as requests name it (spec P-60).
package struct Recording: Hashable, Sendable {
  package var url: String
  /// `RE` and 32 hex digits.
  package var sid: String
  /// Whole seconds, rounded down.
  package var duration: Int

  package init(url: String, sid: String, duration: Int) {
    self.url = url
    self.sid = sid
    self.duration = duration
  }

  package var parameters: [Parameter] {
    [
      Parameter("RecordingUrl", url), Parameter("RecordingSid", sid),
      Parameter("RecordingDuration", "\(duration)"),
    ]
  }
}
