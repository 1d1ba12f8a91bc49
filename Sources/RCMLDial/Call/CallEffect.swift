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
  case bridge(LegNumber)
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
  case stopPerforming(PerformanceNumber)

  // The host.
  case dialEnded(DialResult)
  case warn(Finding)
  /// The last effect of a call: nothing of it is left.
  case ended(CallEnd)
}
