import RCMLBasics
import RCMLDocument

/// The settings of spec §16 that decide how a call behaves, in the words of this room.
public struct CallPolicy: Sendable {
  public enum RingingMode: Hashable, Sendable { case immediate, onRinging }
  public enum ScreeningRejectEnds: Hashable, Sendable { case leg, call }
  public enum EarlyMedia: Hashable, Sendable { case single, never, always }
  public enum Numbering: Hashable, Sendable { case consecutive, fixed }
  public enum AddressFormat: Hashable, Sendable { case auto, uri, user }

  /// `answer_mode` = on-bridge (L-3).
  public var answersOnBridge = true
  public var ringingMode = RingingMode.immediate
  /// `screening_winner` = first-answer (F-4).
  public var firstAnswerWins = false
  public var screeningRejectEnds = ScreeningRejectEnds.leg
  /// `screening_reject_status` (C-15).
  public var screeningRejectStatus = CallStatus.noAnswer
  /// `after_bridge` = hangup (L-44).
  public var hangsUpAfterBridge = false
  /// `ring_timeout_status` (Z-10).
  public var ringTimeoutStatus = CallStatus.noAnswer
  /// `status_480_408` (M-1).
  public var status480And408 = CallStatus.noAnswer
  /// `callback_call_status` = event (K-6).
  public var callStatusIsEvent = false
  public var numbering = Numbering.consecutive
  /// `reject_code` (V-17).
  public var rejectCode: UInt16 = 603
  /// `id_header_prefix` (U-7), empty = none.
  public var idHeaderPrefix = "X-RCML-" {
    didSet { idHeaderNames = IdentityHeaderNames(prefix: idHeaderPrefix) }
  }
  private(set) var idHeaderNames = IdentityHeaderNames(prefix: "X-RCML-")
  public var addressFormat = AddressFormat.auto
  public var apiVersion = "2012-04-24"
  public var accountSid = "AC00000000000000000000000000000000"
  /// `twilio_aliases` (P-13).
  public var sendsAliases = false
  /// `gather_default_action` = next verb (V-13).
  public var gatherDefaultsToNextVerb = false
  public var earlyMedia = EarlyMedia.single
  /// `leg_results` (P-51).
  public var sendsLegResults = false
  public var maxDials = 50
  /// `max_breadth` (Y-6).
  public var maxBreadth: UInt8 = 60
  public var maxIdleDocuments = 20
  /// `max_documents_per_call`, `max_call_duration` (Y-11); 0 = no end.
  public var maxDocuments = 1_000
  public var maxDuration = Interval.seconds(86_400)
  public var cancelWait = Interval.seconds(5)
  public var baseURL = ""
  /// `fallback_url`, `fallback_method` (H-21); nil = none.
  public var fallback: (url: String, method: HTTPMethod)?
  public var extraParameters: [Parameter] = []
  public var ringTone = "us"
  /// Media may come by here and be heard: `media` is not `direct`.
  public var hearsMedia = true
  /// There is a recorder: a folder to write to, and media that comes by here.
  public var records = false
  /// What `RecordingUrl` begins with (P-60).
  public var recordingBase = ""
  /// Of losers in screening (C-17); empty = none.
  public var lostRacePrompt = ""
  /// `ask_targets` (Y-1, D-22).
  public var asksNouns = false
  public var asksTargets = false

  public init() {}
}

extension CallPolicy {
  public init(_ settings: Settings) {
    self.init()
    answersOnBridge = settings.answerMode == .onBridge
    ringingMode = settings.ringingMode == .immediate ? .immediate : .onRinging
    firstAnswerWins = settings.screeningWinner == .firstAnswer
    screeningRejectEnds = settings.screeningRejectEnds == .leg ? .leg : .call
    screeningRejectStatus = CallStatus(settings.screeningRejectStatus)
    hangsUpAfterBridge = settings.afterBridge == .hangUp
    ringTimeoutStatus = CallStatus(settings.ringTimeoutStatus)
    status480And408 = CallStatus(settings.status480And408)
    callStatusIsEvent = settings.callbackCallStatus == .event
    numbering = settings.sequenceNumbering == .consecutive ? .consecutive : .fixed
    rejectCode = settings.rejectCode
    idHeaderPrefix = settings.idHeaderPrefix
    switch settings.sipAddressFormat {
    case .auto: addressFormat = .auto
    case .uri: addressFormat = .uri
    case .user: addressFormat = .user
    }
    apiVersion = settings.apiVersion
    accountSid = settings.accountSid
    sendsAliases = settings.twilioAliases
    gatherDefaultsToNextVerb = settings.gatherDefault == .nextVerb
    switch settings.earlyMedia {
    case .single: earlyMedia = .single
    case .never: earlyMedia = .never
    case .always: earlyMedia = .always
    }
    sendsLegResults = settings.legResults
    maxDials = settings.maxDialsPerCall
    maxBreadth = UInt8(clamping: settings.maxBreadth)
    maxIdleDocuments = settings.maxIdleDocuments
    maxDocuments = settings.maxDocumentsPerCall
    maxDuration = settings.maxCallDuration
    cancelWait = settings.cancelWait
    baseURL = settings.baseURL
    if !settings.fallbackURL.isEmpty {
      fallback = (settings.fallbackURL, settings.fallbackMethod == .get ? .get : .post)
    }
    extraParameters = settings.extraParams.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return Parameter(String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
    }
    ringTone = settings.ringTone
    hearsMedia = settings.media != .direct
    records = !settings.recordings.isEmpty && hearsMedia
    recordingBase = settings.recordingBase
    lostRacePrompt = hearsMedia ? settings.lostRacePrompt : ""
    asksNouns = settings.askTargets != .none
    asksTargets = settings.askTargets == .all
  }
}

extension Settings {
  /// What `RecordingUrl` begins with (P-60).
  public var recordingBase: String { recordingURL.isEmpty ? "file://" + recordings : recordingURL }
}

extension CallStatus {
  /// A final that a setting chose.
  fileprivate init(_ status: Settings.FinalStatus) {
    switch status {
    case .noAnswer: self = .noAnswer
    case .busy: self = .busy
    case .failed: self = .failed
    case .canceled: self = .canceled
    case .completed: self = .completed
    }
  }
}
