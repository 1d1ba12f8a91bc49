import RCMLMedia

/// One thing that is to be done with a file. `run` is called on the disk's thread, and nobody touches the job meanwhile.
final class DiskJob {
  enum Work {
    /// A new file that begins so.
    case create([UInt8])
    case append([UInt8])
    case write([UInt8], at: UInt64)
    /// The file has `length` octets, says its header.
    case header([UInt8], length: UInt64)
    /// Nothing more comes; the last header, if it was not written yet.
    case finish((header: [UInt8], length: UInt64)?)
    /// Nobody wants it.
    case remove

    var octets: Int {
      switch self {
      case .create(let octets), .append(let octets), .write(let octets, _), .header(let octets, _):
        octets.count
      case .finish, .remove: 0
      }
    }

    /// The loop waits for it: it has somebody to tell.
    var isLast: Bool {
      switch self {
      case .finish, .remove: true
      case .create, .append, .write, .header: false
      }
    }
  }

  enum Owner {
    case journal
    case recording(RecordingID)
  }

  let owner: Owner
  let file: DiskFile
  let isLast: Bool
  let isRemoval: Bool
  let octets: Int
  private var work: Work?
  /// The loop is woken when it is done.
  private let isAwaited: Bool
  private(set) var hasFailed = false

  init(_ work: Work, _ file: DiskFile, of owner: Owner, isAwaited: Bool) {
    self.owner = owner
    self.file = file
    self.work = work
    isLast = work.isLast
    if case .remove = work { isRemoval = true } else { isRemoval = false }
    octets = work.octets
    self.isAwaited = isAwaited || work.isLast
  }

  /// Whether the loop is to be woken. Once: what the thread did not come to is run when it has ended.
  func run() -> Bool {
    guard let work else { return false }
    self.work = nil
    hasFailed = !file.perform(work)
    return isAwaited || hasFailed
  }
}
