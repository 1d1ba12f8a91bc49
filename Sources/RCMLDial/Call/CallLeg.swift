import RCMLBasics
import RCMLDocument

/// One callee leg of a call with all that is remembered of it.
struct CallLeg {
  let number: LegNumber
  /// Which Dial of the call it belongs to, and where its target stands in it.
  let dial: Int
  let targetIndex: Int
  let noun: SipNoun
  let request: LegRequest
  var machine: LegMachine
  var voice: VoiceParameters
  /// What its CANCEL said, in case a BYE has to say it too (spec L-20).
  var reasons: [[UInt8]] = []
  /// The screening document, while it runs.
  var script: Interpreter?
  /// What its final response brought (M-31, X-20), and its BYE.
  var phrase: [UInt8] = []
  var rejectionReasons: [[UInt8]] = []
  var responseHeaders: [HeaderLine] = []
  var farewellHeaders: [HeaderLine] = []
  var callbacks = 0
  /// Of the Dial it won, once that has ended (P-28).
  var recording: Recording?
  /// What it hears before it is hung up on (C-17).
  var farewell: PerformanceNumber?
}
