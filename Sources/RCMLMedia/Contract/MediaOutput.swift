/// Every effect of media but packets, as data. Packets lie in the engine's outbox.
public enum MediaOutput: Sendable {
  case tell(MediaEvent)
  /// Octets of a recording at a place in its file.
  case write(RecordingID, offset: UInt64, bytes: [UInt8])
  /// Nothing more will be written.
  case finish(RecordingID)
  /// Nothing was heard, and nobody wants that: the file goes.
  case drop(RecordingID)
}
