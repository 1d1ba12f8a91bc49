import RCMLBasics

/// An audio stream of our own as a description shows it.
package struct AudioPlan: Hashable, Sendable {
  package var port: UInt16
  /// The most wanted first.
  package var formats: [AudioFormat]
  package var direction: AudioDescription.Direction
  /// Milliseconds of audio in a packet; 0 = nothing is said.
  package var packetTime: Int

  package init(
    port: UInt16, formats: [AudioFormat],
    direction: AudioDescription.Direction = .sendrecv, packetTime: Int = 0
  ) {
    self.port = port
    self.formats = formats
    self.direction = direction
    self.packetTime = packetTime
  }
}
