/// Answers that are still awaited although nothing depends on them any more: the call lasts until they came.
final class UnfinishedWork {
  /// Requests whose replies are ignored (L-47).
  private var abandonedRequests: Set<RequestNumber> = []
  /// Record verbs whose party hung up: their action is requested once the recording is whole (V-15).
  private var interruptedRecordings: [PerformanceNumber: InterruptedRecording] = [:]
  /// Recordings of Dials whose last samples are being written.
  private var endedRecordings: [String: DialRecording] = [:]

  var isDone: Bool {
    abandonedRequests.isEmpty && interruptedRecordings.isEmpty && endedRecordings.isEmpty
  }

  func abandon(_ request: RequestNumber) { abandonedRequests.insert(request) }

  /// True: it was abandoned.
  func finish(_ request: RequestNumber) -> Bool { abandonedRequests.remove(request) != nil }

  func interrupt(_ recording: InterruptedRecording, performedAs number: PerformanceNumber) {
    interruptedRecordings[number] = recording
  }

  func finishInterrupted(_ number: PerformanceNumber) -> InterruptedRecording? {
    interruptedRecordings.isEmpty ? nil : interruptedRecordings.removeValue(forKey: number)
  }

  func awaitFile(of recording: DialRecording) { endedRecordings[recording.sid] = recording }

  func finishRecording(_ sid: String) -> DialRecording? {
    endedRecordings.removeValue(forKey: sid)
  }
}
