import Glibc

/// Files the user names.
enum Files {
  /// `-` = standard input.
  static func read(_ path: String) throws(Problem) -> [UInt8] {
    let file = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .failed("\(path): \(String(cString: strerror(errno)))") }
    defer { if file > 0 { close(file) } }
    return try readAll(file, path: path)
  }

  /// All that an open file has; `path` is for the sentence.
  static func readAll(_ file: Int32, path: String) throws(Problem) -> [UInt8] {
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

  /// A path that does not depend on where we are.
  static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let here = getcwd(nil, 0) else { return path }
    defer { free(here) }
    return String(cString: here) + "/" + path
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return "/" }
    return String(path[..<slash])
  }

  static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }

  /// A program that a shell would find.
  static func isProgram(_ name: String) -> Bool {
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    return path.split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
  }

  static func size(of path: String) -> Int {
    var about = stat()
    return stat(path, &about) == 0 ? Int(about.st_size) : 0
  }

  static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// `heard.wav` as `heard-2.wav`.
  static func numbered(_ path: String, _ number: Int) -> String {
    let name = name(of: path)
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else {
      return "\(path)-\(number)"
    }
    return path.dropLast(name.count) + "\(name[..<dot])-\(number)\(name[dot...])"
  }

  /// Created or emptied, readable by its owner only: a trace holds what people said to each other's phones.
  /// `-` = standard output.
  static func write(_ bytes: [UInt8], to path: String) throws(Problem) {
    let file = path == "-" ? 1 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    func problem() -> Problem { .failed("\(path): \(String(cString: strerror(errno)))") }
    guard file >= 0 else { throw problem() }
    defer { if file > 2 { close(file) } }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count > 0 else { throw problem() }
      rest = rest.dropFirst(count)
    }
  }
}
