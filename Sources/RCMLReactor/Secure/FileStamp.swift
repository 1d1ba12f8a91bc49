import Glibc

/// What tells one content of a file from the next without reading it.
struct FileStamp: Equatable {
  private var inode: UInt64 = 0
  private var size: Int64 = 0
  private var changed: (seconds: Int, nanoseconds: Int) = (0, 0)

  /// All zero: there is none.
  init(_ path: String) {
    var status = stat()
    guard !path.isEmpty, stat(path, &status) == 0 else { return }
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
    changed = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
  }

  static func == (one: FileStamp, other: FileStamp) -> Bool {
    one.inode == other.inode && one.size == other.size && one.changed == other.changed
  }
}
