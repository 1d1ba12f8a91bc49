import CSystem

/// A file that octets are appended to; the first failure ends it, and the agent goes on without (failures H11).
final class JournalFile {
  private let descriptor: Int32
  private var pending: [UInt8] = []
  private(set) var written: UInt64 = 0
  private(set) var failure: ReactorError?
  private let path: String

  /// Created or emptied, readable by its owner only: a journal holds what people said to each other's phones.
  init(path: String) throws(ReactorError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw ReactorError(.file, "a journal needs the path of a file")
    }
    descriptor = path.withCString { system_file_create($0) }
    self.path = path
    if descriptor < 0 {
      throw ReactorError(
        .file, "the journal “\(path)” cannot be created: \(errorText(descriptor))")
    }
  }

  deinit { system_close(descriptor) }

  func append(_ bytes: [UInt8]) {
    guard failure == nil else { return }
    pending.append(contentsOf: bytes)
    if pending.count >= 1 << 16 { flush() }
  }

  func flush() {
    guard failure == nil, !pending.isEmpty else { return }
    let status = pending.withUnsafeBytes { system_file_write(descriptor, $0.baseAddress, $0.count) }
    if status == 0 { written &+= UInt64(pending.count) }
    pending.removeAll(keepingCapacity: true)
    if status < 0 {
      failure = ReactorError(
        .file, "the journal “\(path)” ends here, it cannot be written: \(errorText(status))")
    }
  }
}
