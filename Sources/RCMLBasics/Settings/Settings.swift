/// The settings of spec §16, typed; each default is the one of its clause.
///
/// Set by name with `set`, which refuses what does not exist or is out of its range.
public struct Settings: Sendable {
  public enum AnswerMode: String, CaseIterable, Sendable {
    case onBridge = "on-bridge"
    case immediate
  }
  public enum RingingMode: String, CaseIterable, Sendable {
    case immediate
    case onRinging = "on-ringing"
  }
  public enum ScreeningWinner: String, CaseIterable, Sendable {
    case firstAccept = "first-accept"
    case firstAnswer = "first-answer"
  }
  public enum ScreeningRejectEnds: String, CaseIterable, Sendable { case leg, call }
  public enum AfterBridge: String, CaseIterable, Sendable {
    case goOn = "continue"
    case hangUp = "hangup"
  }
  public enum CallbackStatus: String, CaseIterable, Sendable { case state, event }
  public enum Numbering: String, CaseIterable, Sendable { case consecutive, fixed }
  public enum HeaderPrefix: String, CaseIterable, Sendable {
    case addX = "add-x"
    case asIs = "as-is"
    case drop
  }
  public enum AddressFormat: String, CaseIterable, Sendable { case auto, uri, user }
  public enum EarlyMedia: String, CaseIterable, Sendable { case single, never, always }
  public enum GatherDefault: String, CaseIterable, Sendable {
    case currentDocument = "current-document"
    case nextVerb = "next-verb"
  }
  /// Where media goes: from phone to phone, through us where a call needs it, or always through us.
  public enum Media: String, CaseIterable, Sendable { case direct, auto, anchored }
  /// Who besides the address in a party's SDP may send its sound (spec U-67): whoever its signalling or its SDP vouches
  /// for, and anybody only where no address can be vouched for; nobody; anybody.
  public enum RTPLock: String, CaseIterable, Sendable { case once, off, any }
  /// Whether sound is secret (spec T-15): never; where the other side can; or else there is no call.
  public enum SRTP: String, CaseIterable, Sendable { case off, offer, require }
  /// Whether a peer is reached where its message came from and not at its Contact (spec U-64): never; where the Contact
  /// is of an inner network and the message came from elsewhere; always.
  public enum RewriteContact: String, CaseIterable, Sendable {
    case off
    case inner = "private"
    case always
  }
  /// Whether those who connect by TLS are asked for a certificate, or have to show one.
  public enum VerifyClients: String, CaseIterable, Sendable { case off, ask, require }
  public enum LateOffer: String, CaseIterable, Sendable { case accept, refuse }
  /// Whom the host is asked about before it is dialled (Y-1, D-22).
  public enum AskTargets: String, CaseIterable, Sendable { case none, nouns, all }
  /// Whether the host is asked about each URL before it is requested (Y-4).
  public enum AskURLs: String, CaseIterable, Sendable { case none, all }
  /// Whether loopback, private, link-local and metadata addresses are asked by HTTP: never; always; or not on behalf of what
  /// came from a public address (Y-4, Y-5).
  public enum BlockPrivate: String, CaseIterable, Sendable {
    case auto
    case always = "true"
    case never = "false"
  }
  public enum FallbackMethod: String, CaseIterable, Sendable { case post, get }
  public enum SignatureMode: String, CaseIterable, Sendable { case sha1, sha256 }
  /// A final of `CallStatus` that a setting may choose.
  public enum FinalStatus: String, CaseIterable, Sendable {
    case noAnswer = "no-answer"
    case busy, failed, canceled, completed
  }

  // Calls (spec §5 … §8).
  public var answerMode = AnswerMode.onBridge
  public var ringingMode = RingingMode.immediate
  public var screeningWinner = ScreeningWinner.firstAccept
  public var screeningRejectEnds = ScreeningRejectEnds.leg
  public var screeningRejectStatus = FinalStatus.noAnswer
  public var afterBridge = AfterBridge.goOn
  public var ringTimeoutStatus = FinalStatus.noAnswer
  public var status480And408 = FinalStatus.noAnswer
  public var rejectCode: UInt16 = 603
  public var earlyMedia = EarlyMedia.single
  public var gatherDefault = GatherDefault.currentDocument
  public var lateOffer = LateOffer.accept
  public var ringTone = "us"
  public var lostRacePrompt = ""
  public var maxTargets = 10
  public var maxDialsPerCall = 50
  /// Legs that may come of one caller's INVITE at once (RFC 5393, spec Y-6).
  public var maxBreadth = 60
  /// How often a call may come back to us as a leg of ours (spec Y-6).
  public var maxReturns = 1
  /// Calls that may have come in and be under way (spec Y-9): at about 20 KiB each 200 MiB, and more than twice what the
  /// ports of `rtp_ports` carry. 0 = any number, as for the next two.
  public var maxCalls = 10_000
  /// Of them, those from one address. None by default: a provider's proxy is one address for all of its calls.
  public var maxCallsPerSource = 0
  /// Octets of memory the process may have before new calls are refused. Its resident size is what the machine runs out of,
  /// so that is what counts; none by default, because what of it is the host's own nobody here can know.
  public var maxMemory = 0
  public var cancelWait = Interval.seconds(5)
  /// How long an incoming call waits for the host to take it.
  public var incomingTimeout = Interval.seconds(30)
  /// How long a call that the host asks for may ring (spec U-65).
  public var callTimeout = Interval.seconds(60)

  // Media (spec §13, V).
  public var media = Media.auto
  public var rtpPorts: ClosedRange<UInt16> = 16_384...32_767
  /// `flite`, `espeak-ng` or the path of a program that speaks, with `markupWord` behind it if it reads SSML (V-21); empty =
  /// nobody here speaks (V-10).
  public var speechProgram = ""
  /// Whether the host is asked what a Say sounds like before the program is (spec V-10, Q-26).
  public var askSpeech = false
  /// The folder recordings are written to; empty = there is no recorder.
  public var recordings = ""
  /// What `RecordingUrl` begins with; empty = the file's own URL (P-60).
  public var recordingURL = ""
  /// The folder that `file:` URLs of Play may name files of; empty = none may be played.
  public var sounds = ""
  /// How long a sound of the web is played without being asked for again.
  public var soundCache = Interval.seconds(300)
  public var inbandDigits = false
  public var rtpLock = RTPLock.once
  public var srtp = SRTP.off
  /// Keys of sound are told over signalling that anybody can read (spec T-16).
  public var srtpWithoutTLS = false

  // Documents (spec §1).
  public var maxDocumentBytes = 65_536
  public var maxIdleDocuments = 20
  /// All documents of one call, and all its time (Y-11); 0 = no end.
  public var maxDocumentsPerCall = 1_000
  public var maxCallDuration = Interval.seconds(86_400)
  public var baseURL = ""
  /// Asked once for the first document of a call when that could not be had or read (H-21); empty = none.
  public var fallbackURL = ""
  public var fallbackMethod = FallbackMethod.post

  // SIP (spec §10, §11).
  public var headerPrefix = HeaderPrefix.addX
  public var idHeaderPrefix = "X-RCML-"
  public var passHeaders: [String] = []
  public var fromDomain = ""
  public var defaultCallerID = "anonymous"
  public var trustDomain = false
  public var passDiversion = false
  public var outboundProxy = ""
  /// The files of TLS, and whom it lets in (spec T-8, T-9).
  public var tlsAuthorities = ""
  public var tlsCertificate = ""
  public var tlsKey = ""
  public var tlsRevoked = ""
  public var tlsKeylog = ""
  public var tlsVerifyClients = VerifyClients.off
  public var sipTLSVerify = true
  public var publicAddress = ""
  public var rewriteContact = RewriteContact.inner
  /// How often a peer that is reached where its message came from gets a keep-alive; zero = never (spec U-64).
  public var keepalive = Interval.seconds(25)
  public var naptr = false
  /// Name servers with or without a port, divided by commas; empty = those of the system.
  public var dnsServer = ""
  public var followRedirects = 0
  public var sessionExpires = Interval.zero
  public var mediaTimeout = Interval.zero
  /// TCP connections of SIP at once (spec Y-12), and of them those from one address (0 = as many): enough for a proxy's or
  /// for the phones of a large office behind one NAT, and one address has not all of them.
  public var maxConnections = 10_000
  public var maxConnectionsPerAddress = 1_000
  public var transportLog = false
  /// `udp:HOST:PORT`: where each SIP message is mirrored to as HEP version 3; empty = nowhere.
  public var hep = ""
  public var hepID: UInt32 = 0
  public var hepPassword: Private<String>?
  /// Octets a journal may have before it is begun anew; 0 = any number (spec Y-7).
  public var journalLimit = 0
  /// Whether requests stand in it that are refused, or are OPTIONS, outside of all calls and over UDP.
  public var journalRefusals = true
  /// Octets every disk keeps free, or a tenth of it where that is less.
  public var diskReserve = 104_857_600
  /// Octets the log of the tool may have before it is begun anew (spec Y-7); 0 = any number.
  public var logLimit = 0
  /// User-Agent and Server of SIP, User-Agent of HTTP (U-66, H-5); empty = none of them is sent.
  public var product = Product.token
  public var askCredentials = false
  public var callbackEvents = false
  /// Every exchange with a web server is told, with so many octets of each body.
  public var httpLog = false
  public var httpLogLimit = 2_048
  public var askTargets = AskTargets.none
  /// Whether the host is asked about verbs that nobody here knows (D-28).
  public var askVerbs = false
  /// How a `<Number>`, a bare number and `tel:` are dialled, and a `<Client>` (D-30); empty = only the host knows.
  public var numberURI = ""
  public var clientURI = ""
  /// For the digest authentication of what `number_uri` dials.
  public var numberUsername: Private<String>?
  public var numberPassword: Private<String>?
  /// `user:password` that callers must know; nil = anybody may call.
  public var requireAuth: Private<String>?

  // Webhooks (spec §9, §12).
  public var callbackDefaultEvents: [String] = ["initiated", "ringing", "answered", "completed"]
  public var callbackCallStatus = CallbackStatus.state
  public var sequenceNumbering = Numbering.consecutive
  public var callbackRetries = 2
  public var callbackTimeout = Interval.seconds(10)
  public var drainTimeout = Interval.seconds(10)
  public var sipAddressFormat = AddressFormat.auto
  public var apiVersion = "2012-04-24"
  public var accountSid = "AC00000000000000000000000000000000"
  public var twilioAliases = false
  public var queryInBody = false
  public var legResults = false
  /// `name=value` pairs joined with `&`, sent with every document request.
  public var extraParams = ""
  public var signingKey: Private<String>?
  public var signatureHeader = "X-RCML-Signature"
  public var signatureMode = SignatureMode.sha1
  public var idempotencyHeader = "Idempotency-Key"
  public var httpTimeout = Interval.seconds(15)
  public var httpConnectTimeout = Interval.seconds(5)
  public var httpRetries = 1
  public var httpRetryOn: [String] = ["ct"]
  public var httpBlockPrivate = BlockPrivate.auto
  public var askURLs = AskURLs.none
  public var tlsVerify = true
  /// Whether requests carry a W3C `traceparent`.
  public var traceparent = true

  var given = GivenSettings()

  public init() {}

  /// Behind a `speech_program` that reads SSML (spec V-21).
  public static let markupWord = " {ssml}"
}
