import RCMLBasics
import RCMLDocument

/// A Record whose party hung up while it spoke (spec V-15).
struct InterruptedRecording {
  let record: Record
  /// The document it stood in.
  let script: Interpreter
  /// The leg that was screened; nil = the caller.
  let leg: LegNumber?
}
