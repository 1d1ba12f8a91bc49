import Glibc

/// Lines on standard output and on standard error.
enum Words {
  static func out(_ line: String) { write(line + "\n", to: 1) }
  static func error(_ line: String) { write(line + "\n", to: 2) }

  /// Whole or not at all: a reader that went away ends the tool by SIGPIPE, as it should.
  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let base = rest.baseAddress, !rest.isEmpty {
        let count = Glibc.write(descriptor, base, rest.count)
        if count < 0, errno == EINTR || errno == EAGAIN { continue }
        guard count > 0 else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
  }
}
