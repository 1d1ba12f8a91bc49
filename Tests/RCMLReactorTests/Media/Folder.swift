import Glibc

/// A folder of its own for one test, gone with it.
final class Folder {
  let path: String

  init?() {
    var template = Array("/tmp/rcml-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { return nil }
    path = String(cString: made)
  }

  deinit {
    if let entries = opendir(path) {
      while let entry = readdir(entries) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        unlink(file(name))
      }
      closedir(entries)
    }
    rmdir(path)
  }

  func file(_ name: String) -> String { path + "/" + name }

  /// Written by a process of its own: a file that is open for writing anywhere cannot be run, and a child that another
  /// test forks at the wrong moment would have it open.
  func writeProgram(_ text: String, to name: String) -> String {
    let words = [
      "sh", "-c", "printf %s \"$1\" > \"$2\" && chmod 755 \"$2\"", "sh", text, file(name),
    ]
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    var status: Int32 = 0
    if posix_spawn(&process, "/bin/sh", nil, nil, &arguments, environ) == 0 {
      waitpid(process, &status, 0)
    }
    return file(name)
  }

  @discardableResult
  func write(_ octets: [UInt8], to name: String) -> String {
    let descriptor = Glibc.open(file(name), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var rest = octets[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard written > 0 else { break }
      rest = rest.dropFirst(written)
    }
    close(descriptor)
    return file(name)
  }

  func read(_ name: String) -> [UInt8]? { Folder.read(file(name)) }

  static func read(_ path: String) -> [UInt8]? {
    let descriptor = Glibc.open(path, O_RDONLY)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var all: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &room, room.count)
      guard count > 0 else { return all }
      all += room[..<count]
    }
  }

  /// Owner, group and others.
  func mode(_ name: String) -> mode_t? {
    var status = stat()
    return lstat(file(name), &status) == 0 ? status.st_mode & 0o7777 : nil
  }
}
