import RCMLBasics
import RCMLDial
import RCMLMedia

/// What the checkers know of the sound of a world.
struct WatchedSound {
  /// One party of a call, by its Call-ID.
  struct Talker {
    /// Index of the caller, its own or that of the leg.
    var caller: Int
    /// nil = it is the caller.
    var leg: Int?
    /// What it said last and was not refused.
    var named: VoiceDescription?
    var changed: Instant
    /// What a re-INVITE says, until it is answered.
    var offered: [[UInt8]: VoiceDescription] = [:]
    /// Where it says that it listens, hold or not; when it first spoke from there.
    var place: Place?
    var spoke: Instant?
    /// Who has sent as this party: forks that were hung up may go on for a while.
    var voices: Set<Int> = []
    /// Addresses named before there was an answer.
    var early: Set<SocketAddress> = []
    /// We said where we listen, so it may be spoken to.
    var isOpen = false
    /// Our last description to it named ourselves.
    var isHere = false
    /// It said, and so did we, that there is video.
    var isFilmed = false
    /// What our re-INVITEs say that it has not answered, by branch: whether there is video counts from the answer, and a
    /// refused one leaves whether it is here as it was (U-50).
    var asked: [[UInt8]: (isFilmed: Bool, wasHere: Bool)] = [:]
    /// Packets of video in a row that should have been passed on, and were not.
    var unseen = 0
    /// The dialog's tag of its side.
    var tag: [UInt8] = []
    var ended: String?
    /// Of our last INVITE outside a dialog.
    var branch: [UInt8] = []
    /// When it was last sent something that we made.
    var spokenTo: Instant?
    /// Packets in a row that should have been passed on, and were not.
    var mute = 0
    /// The number of the last key it pressed.
    /// The number of the last press, by voice: the forks of one phone each count their own.
    var lastPress: [Int: Int] = [:]
    var lastKey: (key: UInt8, isInfo: Bool, at: Instant)?
    var infos: Set<[UInt8]> = []
    /// Branches of its INVITEs.
    var invites: Set<[UInt8]> = []
    /// Answers to INVITEs, by branch and tag.
    var seen: Set<[UInt8]> = []

    var listens: Bool { named?.listens ?? false && named?.address != nil }
    var speaks: Bool { named?.speaks ?? false }
    var hasG711: Bool {
      named?.formats.contains { $0.name == "pcmu" || $0.name == "pcma" } ?? false
    }
  }

  struct Place {
    var address: SocketAddress
    var since: Instant
    /// What it named before; nil = nothing.
    var former: SocketAddress?
  }

  /// Whose packets go where under which numbers.
  struct Flow {
    var speaker: Int
    var source: UInt32
    var sequenceIn: UInt16
    var sequenceOut: UInt16
  }

  struct Mark {
    var isRight: Bool
    var at: Instant
    var voice: Int
    var serial: UInt16
    var law: G711.Law
    var count: Int
  }

  struct Screening {
    var sid: String
    var since: Instant
  }

  let scenario: SoundScenario
  var parties: [Talker] = []
  var index: [[UInt8]: Int] = [:]
  /// Packets of video that were seen.
  var pictures = 0
  /// By the receiving voice.
  var flows: [Int: Flow] = [:]
  /// By caller: sids of legs it heard, or that heard it, in this Dial; answered ones and ringing ones.
  var heard: [Int: Set<String>] = [:]
  var heardEarly: [Int: Set<String>] = [:]
  /// Screening documents being fetched, by the exchange.
  var screenings: [UInt64: Screening] = [:]
  /// Sounds that were answered for one call alone, and who has heard them.
  var ownSounds: [SoundID: Int?] = [:]
  /// What is played to whom.
  var playing: [MediaID: [SoundID]] = [:]
  /// Keys told in this step.
  var keys: [(call: CallNumber, party: Party, key: UInt8)] = []
  var expected: (party: Int, key: UInt8?, isInfo: Bool)?
  /// Recordings by path.
  var marks: [String: [Mark]] = [:]
  var whole: Set<String> = []
  /// Those whose file the disk did not take to its end.
  var cut: Set<String> = []
  /// Recordings with silence where samples were lost, and how often a host was told of one.
  var gaps = 0
  var gapsTold = 0
  /// The last word about each, by its sid; those that a request named.
  var announced: [String: RecordingStatus.State] = [:]
  var named: Set<String> = []

  init(_ scenario: SoundScenario) { self.scenario = scenario }
}
