/// Answers that are still awaited although nothing depends on them any more: the call lasts until they came.
final class UnfinishedWork {
  /// Requests whose replies are ignored (L-47).
  private var abandonedRequests: [RequestNumber: String] = [:]
  /// Record verbs whose party hung up: their action is requested once the recording is whole (V-15).
  private var interruptedRecordings: [PerformanceNumber: InterruptedRecording] = [:]
  /// Recordings of Dials whose last samples are being written.
  private var endedRecordings: [String: DialRecording] = [:]

  /// Of Record verbs whose web is told of them (D-29).
  private var verbRecordings: [PerformanceNumber: DialRecording] = [:]

  var isDone: Bool {
    abandonedRequests.isEmpty && interruptedRecordings.isEmpty && endedRecordings.isEmpty
      && verbRecordings.isEmpty
  }

  /// `url`: whom it asks, for whoever tells that nothing came of it (H-34).
  func abandon(_ request: RequestNumber, asking url: String) { abandonedRequests[request] = url }

  /// Whom it asked; nil = it was not abandoned.
  func finish(_ request: RequestNumber) -> String? {
    abandonedRequests.removeValue(forKey: request)
  }

  func interrupt(_ recording: InterruptedRecording, performedAs number: PerformanceNumber) {
    interruptedRecordings[number] = recording
  }

  func finishInterrupted(_ number: PerformanceNumber) -> InterruptedRecording? {
    interruptedRecordings.isEmpty ? nil : interruptedRecordings.removeValue(forKey: number)
  }

  func awaitFile(of recording: DialRecording) { endedRecordings[recording.sid] = recording }

  func awaitEnd(of recording: DialRecording, performedAs number: PerformanceNumber) {
    verbRecordings[number] = recording
  }

  func finishVerbRecording(_ number: PerformanceNumber) -> DialRecording? {
    verbRecordings.isEmpty ? nil : verbRecordings.removeValue(forKey: number)
  }

  /// A Record that was interrupted before it could be told that it records.
  func interrupted(_ number: PerformanceNumber) -> InterruptedRecording? {
    interruptedRecordings[number]
  }

  func finishRecording(_ sid: String) -> DialRecording? {
    endedRecordings.removeValue(forKey: sid)
  }
}
