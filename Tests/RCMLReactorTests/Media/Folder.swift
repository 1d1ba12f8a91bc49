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

  @discardableResult
  func write(_ octets: [UInt8], to name: String, mode: mode_t = 0o600) -> String {
    let descriptor = Glibc.open(file(name), O_WRONLY | O_CREAT | O_TRUNC, mode)
    var rest = octets[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard written > 0 else { break }
      rest = rest.dropFirst(written)
    }
    close(descriptor)
    return file(name)
  }

  func read(_ name: String) -> [UInt8]? {
    let descriptor = Glibc.open(file(name), O_RDONLY)
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
