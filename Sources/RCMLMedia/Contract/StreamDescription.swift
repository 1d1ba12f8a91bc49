import RCMLBasics

/// What an offer and its answer settled about one stream (RFC 3264).
public struct StreamDescription: Hashable, Sendable {
  /// Where the party wants its RTP and its RTCP; nil = nowhere (port 0, hold by `c=0.0.0.0`).
  public var remote: SocketAddress?
  public var control: SocketAddress?
  /// We may send; the party may send. Hold takes one or both away.
  public var sends = true
  public var receives = true
  /// What the numbers mean in packets from the party, by what we told it, and in packets to it, by what it told
  /// us; the most wanted first.
  public var incoming: [Payload] = []
  public var outgoing: [Payload] = []
  /// Milliseconds of audio in a packet of ours, 10 to 60.
  public var packetTime = 20
  /// Told as `silent` when nothing comes for so long; zero = never.
  public var silenceLimit = Interval.zero
  /// Who besides `remote` may be the party, as its packets may come from behind a NAT.
  public var sender = Sender()
  /// Keys are also taken from the sound itself (ITU-T Q.24).
  public var hearsKeys = false
  /// Packets go on as they are but for their payload type, RTCP too: the parties' own sources talk with each other. We
  /// neither understand nor say anything.
  public var isUntouched = false

  /// Our end: where packets to the party leave from, RTP and RTCP. Whoever has the sockets sees to that.
  public var own: OwnAddress?

  public init() {}

  /// What is known of who sends as the party (spec U-67).
  public struct Sender: Hashable, Sendable {
    /// Where the party's signalling comes from; nil = nobody knows. Its port says nothing.
    public var signalling: SocketAddress?
    public var lock = Settings.RTPLock.once
    /// Of the party's own words: another one, and it has said where it is once more, be it the same place.
    public var edition: UInt32 = 0
    /// It has shown that it is where `remote` says, or will be believed there: our packets go there before one of its own
    /// has come. False: they wait for that (spec Y-8).
    public var isConfirmed = true
    /// Its packets are believed if they were made with its key, and ours are made with ours (spec T-10); nil = they are open.
    public var secrecy: StreamSecrecy?
  }

  /// The party is to be heard all the time: it is not on hold by direction or by address (RFC 3264 §8.4). `sendonly`
  /// promises nothing: most telephones have no music.
  var expectsSound: Bool { sends && receives && remote != nil }

  /// One payload type and its meaning.
  public struct Payload: Hashable, Sendable {
    public var number: UInt8
    public var codec: AudioCodec

    public init(_ number: UInt8, _ codec: AudioCodec) {
      self.number = number
      self.codec = codec
    }
  }
}
