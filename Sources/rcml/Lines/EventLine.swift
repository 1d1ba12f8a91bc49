/// What happened, as it is to be written.
enum EventLine {
  case object(JSONLine)
  case sentence(String)

  /// `count`: of how many it speaks.
  func text(_ count: Int) -> String {
    switch self {
    case .object(var object):
      if count > 1 { object.add("count", Int64(count)) }
      return object.line
    case .sentence(let sentence):
      return count > 1 ? "\(sentence) (\(count) times)" : sentence
    }
  }
}
