import RCMLBasics

/// What an offer and its answer settled about one stream (RFC 3264).
package struct StreamDescription: Hashable, Sendable {
  /// Where the party wants its RTP and its RTCP; nil = nowhere (port 0, hold by `c=0.0.0.0`).
  package var remote: SocketAddress?
  package var control: SocketAddress?
  /// We may send; the party may send. Hold takes one or both away.
  package var sends = true
  package var receives = true
  /// What the numbers mean in packets from the party, by what we told it, and in packets to it, by what it told
  /// us; the most wanted first.
  package var incoming: [Payload] = []
  package var outgoing: [Payload] = []
  /// Milliseconds of audio in a packet of ours, 10 to 60.
  package var packetTime = 20
  /// Told as `silent` when nothing comes for so long; zero = never.
  package var silenceLimit = Interval.zero
  /// Whether packets may come from elsewhere than `remote`, as they do from behind a NAT.
  package var followsSource = true
  /// Keys are also taken from the sound itself (ITU-T Q.24).
  package var hearsKeys = false
  /// Packets go on as they are but for their payload type, RTCP too: the parties' own sources talk with each other. We
  /// neither understand nor say anything.
  package var isUntouched = false

  package init() {}

  /// One payload type and its meaning.
  package struct Payload: Hashable, Sendable {
    package var number: UInt8
    package var codec: AudioCodec

    package init(_ number: UInt8, _ codec: AudioCodec) {
      self.number = number
      self.codec = codec
    }
  }
}
