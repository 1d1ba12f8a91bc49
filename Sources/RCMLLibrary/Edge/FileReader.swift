import CRCML
import Glibc

/// A whole file, for journals.
enum FileReader {
  static func octets(of path: String) throws(Failure) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw failure(path) }
    defer { close(file) }
    var bytes: [UInt8] = []
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
    defer { piece.deallocate() }
    while true {
      let count = read(file, piece.baseAddress, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(path) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: piece[..<count]))
    }
  }

  static func failure(_ path: String, _ done: String = "read") -> Failure {
    var room = [CChar](repeating: 0, count: 128)
    // The POSIX form: into a buffer of ours, so that two threads do not share one.
    _ = strerror_r(errno, &room, room.count)
    let why = room.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    return Failure(RCML_E_FILE, "\(path) cannot be \(done): \(why).")
  }
}
