import RCMLBasics

/// The settings of spec §16 that decide how a call behaves, in the words of this room.
package struct CallPolicy: Sendable {
  package enum RingingMode: Hashable, Sendable { case immediate, onRinging }
  package enum ScreeningRejectEnds: Hashable, Sendable { case leg, call }
  package enum EarlyMedia: Hashable, Sendable { case single, never, always }
  package enum Numbering: Hashable, Sendable { case consecutive, fixed }
  package enum AddressFormat: Hashable, Sendable { case auto, uri, user }

  /// `answer_mode` = on-bridge (L-3).
  package var answersOnBridge = true
  package var ringingMode = RingingMode.immediate
  /// `screening_winner` = first-answer (F-4).
  package var firstAnswerWins = false
  package var screeningRejectEnds = ScreeningRejectEnds.leg
  /// `screening_reject_status` (C-15).
  package var screeningRejectStatus = CallStatus.noAnswer
  /// `after_bridge` = hangup (L-44).
  package var hangsUpAfterBridge = false
  /// `ring_timeout_status` (Z-10).
  package var ringTimeoutStatus = CallStatus.noAnswer
  /// `status_480_408` (M-1).
  package var status480And408 = CallStatus.noAnswer
  /// `callback_call_status` = event (K-6).
  package var callStatusIsEvent = false
  package var numbering = Numbering.consecutive
  /// `reject_code` (V-17).
  package var rejectCode: UInt16 = 603
  /// `id_header_prefix` (U-7), empty = none.
  package var idHeaderPrefix = "X-RCML-"
  package var addressFormat = AddressFormat.auto
  package var apiVersion = "2012-04-24"
  package var accountSid = "AC00000000000000000000000000000000"
  /// `twilio_aliases` (P-13).
  package var sendsAliases = false
  /// `gather_default_action` = next verb (V-13).
  package var gatherDefaultsToNextVerb = false
  package var earlyMedia = EarlyMedia.single
  /// `leg_results` (P-51).
  package var sendsLegResults = false
  package var maxDials = 50
  package var maxIdleDocuments = 20
  package var cancelWait = Interval.seconds(5)
  package var baseURL = ""
  package var extraParameters: [Parameter] = []
  package var ringTone = "us"

  package init() {}
}

extension CallPolicy {
  package init(_ settings: Settings) { self.init() }
}
