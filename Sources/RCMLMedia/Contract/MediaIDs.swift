/// One RTP stream with one party: a pair of sockets, audio both ways. Numbered by who opens it, never reused.
package struct MediaID: Hashable, Sendable {
  package var number: UInt64
  package init(_ number: UInt64) { self.number = number }
}

/// Something being played on a stream.
package struct PlaybackID: Hashable, Sendable {
  package var number: UInt64
  package init(_ number: UInt64) { self.number = number }
}

/// A file being written.
package struct RecordingID: Hashable, Sendable {
  package var number: UInt64
  package init(_ number: UInt64) { self.number = number }
}

/// A sound that can be played, kept until it is forgotten.
package struct SoundID: Hashable, Sendable {
  package var number: UInt64
  package init(_ number: UInt64) { self.number = number }
}
