import Glibc

/// Files the user names.
enum Files {
  /// `-` = standard input.
  static func read(_ path: String) throws(Problem) -> [UInt8] {
    let file = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .failed("\(path): \(String(cString: strerror(errno)))") }
    defer { if file > 0 { close(file) } }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(file, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .failed("\(path): \(String(cString: strerror(errno)))") }
      if count == 0 { return bytes }
      bytes += piece[..<count]
    }
  }
}
