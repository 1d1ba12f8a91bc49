import CSystem
import RCMLMedia

/// One sound being read. Ten minutes of it are more than the loop can wait for without a gap in what every other call
/// hears, and a disk may take its time: `work` runs on a thread of its own and touches nothing but this object, which
/// nobody else touches meanwhile.
final class SoundJob {
  enum Source {
    case octets([UInt8], name: String, contentType: String)
    case file(path: String)
    /// A file without a name; it is closed here.
    case descriptor(Int32)
  }

  let number: UInt64
  private var source: Source?
  private(set) var result: Result<[Int16], SoundProblem> = .failure(.unreadable)

  init(_ number: UInt64, _ source: Source) {
    self.number = number
    self.source = source
  }

  deinit { if case .descriptor(let file) = source { system_close(file) } }

  func work() {
    guard let source else { return }
    switch source {
    case .octets(let octets, let name, let contentType):
      result = SoundFile.read(octets, name: name, contentType: contentType)
    case .file(let path):
      guard !path.utf8.contains(0) else { return }
      let file = path.withCString { system_file_open($0) }
      guard file >= 0 else { return }
      result = SoundJob.read(file, name: path)
      system_close(file)
    case .descriptor(let file):
      result = SoundJob.read(file, name: "")
      system_close(file)
    }
    self.source = nil
  }

  private static func read(_ file: Int32, name: String) -> Result<[Int16], SoundProblem> {
    let size = system_file_size(file)
    guard size >= 0 else { return .failure(.unreadable) }
    guard size <= SoundFile.octetsLimit else { return .failure(.tooLong) }
    var status: Int64 = 0
    let octets = [UInt8](unsafeUninitializedCapacity: Int(size)) { room, count in
      status = system_file_read(file, room.baseAddress, room.count)
      count = Int(max(0, status))
    }
    guard status >= 0 else { return .failure(.unreadable) }
    return SoundFile.read(octets, name: name)
  }
}
