/// What happened, as it is to be written.
enum EventLine {
  case object(JSONLine)
  /// `time`: what stands before it; "" = nothing.
  case sentence(time: String, String, Paint.Tone)

  /// `count`: of how many it speaks.
  func text(_ count: Int, _ paint: Paint) -> String {
    switch self {
    case .object(var object):
      if count > 1 { object.add("count", Int64(count)) }
      return object.text
    case .sentence(let time, let sentence, let tone):
      let whole = count > 1 ? "\(sentence) (\(count) times)" : sentence
      return (time.isEmpty ? "" : paint(time, .faint) + " ") + paint(whole, tone)
    }
  }
}
