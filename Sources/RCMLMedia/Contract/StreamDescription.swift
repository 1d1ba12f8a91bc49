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
  /// Who besides `remote` may be the party, as its packets may come from behind a NAT.
  package var sender = Sender()
  /// Keys are also taken from the sound itself (ITU-T Q.24).
  package var hearsKeys = false
  /// Packets go on as they are but for their payload type, RTCP too: the parties' own sources talk with each other. We
  /// neither understand nor say anything.
  package var isUntouched = false

  /// Our end: where packets to the party leave from, RTP and RTCP. Whoever has the sockets sees to that.
  package var own: OwnAddress?

  package init() {}

  /// What is known of who sends as the party (spec U-67).
  package struct Sender: Hashable, Sendable {
    /// Where the party's signalling comes from; nil = nobody knows. Its port says nothing.
    package var signalling: SocketAddress?
    package var lock = Settings.RTPLock.once
    /// Of the party's own words: another one, and it has said where it is once more, be it the same place.
    package var edition: UInt32 = 0
    /// It has shown that it is where `remote` says, or will be believed there: our packets go there before one of its own
    /// has come. False: they wait for that (spec Y-8).
    package var isConfirmed = true
  }

  /// The party is to be heard all the time: it is not on hold by direction or by address (RFC 3264 §8.4). `sendonly`
  /// promises nothing: most telephones have no music.
  var expectsSound: Bool { sends && receives && remote != nil }

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
