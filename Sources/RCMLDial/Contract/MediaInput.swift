/// What media has to say: what was performed, what was recorded, and who is no longer heard.
public enum MediaInput {
  /// Say, Play, Gather, Record that somebody below performed, or cannot perform.
  case performed(PerformanceNumber, Performed)
  /// A Record verb has begun to record: before its `performed` (spec D-29).
  case recording(PerformanceNumber, sid: String)
  /// A recording of a Dial has ended, or could not be written.
  case recorded(sid: String, isWhole: Bool)
  /// Nothing was heard of a bridged party for as long as the setting allows (spec U-27).
  case lost(Party)
}
