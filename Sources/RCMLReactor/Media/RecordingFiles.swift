import CSystem
import RCMLMedia

/// The files of recordings under way. Each is new, its owner's alone, and a whole WAV file at every moment (failures
/// A14); what goes wrong with one is that one's matter (failures H11).
final class RecordingFiles {
  private struct File {
    let descriptor: Int32
    let path: String
  }

  private var open: [RecordingID: File] = [:]
  /// Not all of it was written; the end has not been told yet.
  private var failed: Set<RecordingID> = []
  private(set) var counters = RecordingCounters()

  var ids: [RecordingID] { Array(open.keys) }
  var count: Int { open.count }

  /// False: a file of that recording is being written, and there is never a second one.
  func canBegin(_ id: RecordingID) -> Bool { open[id] == nil }

  /// False: the file cannot be made, or is there already.
  func begin(_ id: RecordingID, channels: Int, path: String) -> Bool {
    guard !path.isEmpty, !path.utf8.contains(0) else { return fail(id) }
    let descriptor = path.withCString { system_file_create_new($0) }
    guard descriptor >= 0 else { return fail(id) }
    open[id] = File(descriptor: descriptor, path: path)
    // A recording of nothing, from the first moment on.
    return write(id, at: 0, WAVHeader.make(channels: channels == 2 ? 2 : 1, dataOctets: 0))
  }

  /// False: they could not be written, and nothing more will be.
  func write(_ id: RecordingID, at offset: UInt64, _ bytes: [UInt8]) -> Bool {
    guard let file = open[id] else { return true }
    let status = bytes.withUnsafeBytes {
      system_file_write_at(file.descriptor, offset, $0.baseAddress, $0.count)
    }
    return status == 0 || fail(id)
  }

  /// The header is written last: without it, what was written before is what the file holds.
  private func fail(_ id: RecordingID) -> Bool {
    close(id)
    failed.insert(id)
    counters.failed &+= 1
    return false
  }

  func finish(_ id: RecordingID) {
    if close(id) { counters.completed &+= 1 }
  }

  /// False: it is closed.
  @discardableResult
  private func close(_ id: RecordingID) -> Bool {
    guard let file = open.removeValue(forKey: id) else { return false }
    system_close(file.descriptor)
    return true
  }

  /// Nobody wants it: the file goes (spec R-5).
  func discard(_ id: RecordingID) {
    if let path = open[id]?.path { path.withCString { system_file_remove($0) } }
    if close(id) { counters.discarded &+= 1 }
  }

  /// What is told of an end: the last octets may have failed after the engine had counted them.
  func judged(_ event: MediaEvent) -> MediaEvent {
    guard case .recorded(let id, var result) = event, failed.remove(id) != nil else { return event }
    result.reason = .failed
    return .recorded(id, result)
  }

  func close() {
    for file in open.values { system_close(file.descriptor) }
    open = [:]
  }
}
