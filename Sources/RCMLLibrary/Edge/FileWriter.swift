import CRCML
import Glibc

/// A whole file at once, created or emptied and readable by its owner only, as every journal is.
enum FileWriter {
  static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw FileReader.failure(path, "written") }
    defer { close(file) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileReader.failure(path, "written") }
      rest = rest.dropFirst(count)
    }
  }
}
