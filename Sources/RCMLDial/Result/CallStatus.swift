/// The four finals and the three states on the way (spec K-2, K-6, K-7, M-1).
public enum CallStatus: String, Hashable, Sendable {
  case queued, initiated, ringing
  case inProgress = "in-progress"
  case completed, busy, failed
  case noAnswer = "no-answer"
  case canceled
}
