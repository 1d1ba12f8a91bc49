import Glibc

/// The folder of `--documents`: whoever is called has a document by their name there, `sip:ring@host` ring.xml.
struct DocumentFolder {
  enum Found {
    case document([UInt8])
    /// The sentence says what is not there.
    case nothing(String)
    /// It is there and cannot be read.
    case unreadable(String)
  }

  private let path: String

  /// nil: `--documents` is not there.
  init?(_ options: Options) throws(Problem) {
    guard let path = try options.one("documents") else { return nil }
    var about = stat()
    guard stat(path, &about) == 0 else {
      throw .failed("--documents \(path): \(String(cString: strerror(errno)))")
    }
    guard about.st_mode & S_IFMT == S_IFDIR else {
      throw .usage("--documents \(path) is no folder.")
    }
    self.path = Files.absolute(path)
  }

  /// Read anew for each call, so that a changed file holds from the next one on.
  func find(_ requestURI: String) -> Found {
    guard let user = DocumentFolder.user(of: requestURI) else {
      return .nothing("Nobody's name stands in the address that was called.")
    }
    guard DocumentFolder.isName(user) else {
      let shown = PlainText.printable(user).prefix(64)
      return .nothing("\"\(shown)\" can be no name of a document.")
    }
    let file = path + "/" + user + ".xml"
    // Neither a pipe nor a device makes all calls wait.
    let opened = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard opened >= 0 else {
      let number = errno
      if number == ENOENT { return .nothing("There is no document \(file).") }
      return .unreadable("\(file): \(String(cString: strerror(number)))")
    }
    defer { close(opened) }
    var about = stat()
    guard fstat(opened, &about) == 0, about.st_mode & S_IFMT == S_IFREG else {
      return .unreadable("\(file) is no file.")
    }
    do {
      return .document(try Files.readAll(opened, path: file))
    } catch {
      return .unreadable(error.text)
    }
  }

  /// Letters, digits and `._+-`, and no dot at the start: nothing that leads to another folder or to a hidden file.
  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 200 && !text.hasPrefix(".")
      && text.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "._+-".utf8.contains($0)
        }
      }
  }

  /// Between the scheme and the @, decoded.
  private static func user(of uri: String) -> String? {
    guard let colon = uri.firstIndex(of: ":"), let at = uri.firstIndex(of: "@"), colon < at else {
      return nil
    }
    return PlainText.percentDecoded(uri[uri.index(after: colon)..<at])
  }
}
