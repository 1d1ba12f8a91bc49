import RCMLBasics
import RCMLDocument

/// What a call wants done, in the order in which it must be done.
package enum CallEffect {
  // The caller leg (spec §5.1).
  /// 180, or 183 with the leg's early media.
  case ringCaller(code: UInt16, earlyMediaOf: LegNumber?)
  /// 200. Where a winner is known its media answers; else the media of the engine.
  case answerCaller(with: LegNumber?)
  case rejectCaller(code: UInt16, phrase: [UInt8], reasons: [[UInt8]])
  case hangUpCaller(reasons: [[UInt8]])

  // The legs.
  case startLeg(LegNumber, LegRequest)
  /// CANCEL: below it waits for a provisional response if none came (spec F-7).
  case cancelLeg(LegNumber, reasons: [[UInt8]])
  /// BYE.
  case hangUpLeg(LegNumber, reasons: [[UInt8]])
  /// Join caller and leg.
  /// Join caller and leg. `withholdsStar`: the caller's `*` is not passed to the leg (spec L-34).
  case bridge(LegNumber, withholdsStar: Bool)
  /// An answered caller hears what this leg sends before it answers (spec U-20, `always`).
  case hearLeg(LegNumber)
  case unbridge(LegNumber)

  /// Whether this leg may transfer the caller (spec D-14, U-40), and that it has done so.
  case takeRefer(LegNumber)
  case referTaken(LegNumber)

  /// Ask the host about a target; answered by `decided`.
  case ask(TargetQuestion)

  // HTTP, as data.
  case fetch(RequestNumber, DocumentRequest)
  case abortFetch(RequestNumber)
  /// One event of a leg: always told to the host. `callback`: what the web is told too; nil = no URL was given, or
  /// the event was not subscribed (spec K-1).
  case status(LegNumber, LegStatus, callback: StatusCallback?)

  // Media, as data.
  case perform(PerformanceNumber, on: Party, Performance)
  /// Nobody waits for it any more; a Record that runs is brought to its end, and told as `performed` all the same.
  case stopPerforming(PerformanceNumber)
  case record(RecordingRequest)
  case recordAlso(String, LegNumber)
  /// `isKept` false: its file goes. What was kept is told as `recorded`.
  case endRecording(sid: String, isKept: Bool)
  /// Always told to the host; `callback` as in `status`.
  case recordingStatus(RecordingStatus, callback: StatusCallback?)

  // The host.
  case dialEnded(DialResult)
  case warn(Finding)
  /// The last effect of a call: nothing of it is left.
  case ended(CallEnd)
}
