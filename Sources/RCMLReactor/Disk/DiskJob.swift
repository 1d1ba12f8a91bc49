import RCMLMedia

/// One thing that is to be done with a file. While it waits the loop may add to it, so that a slow disk is asked for few
/// large things instead of many small ones; once the disk's thread has taken it up it is that thread's until it comes back.
final class DiskJob {
  enum Work {
    /// A new file that begins so.
    case create([UInt8])
    case append([UInt8])
    case write([UInt8], at: UInt64)
    case header(Header)
    /// Nothing more comes; the last header, if it was not written yet.
    case finish(Header?)
    /// Nobody wants it.
    case remove

    var octets: Int {
      switch self {
      case .create(let octets), .append(let octets), .write(let octets, _): octets.count
      case .header(let header): header.octets.count
      case .finish, .remove: 0
      }
    }
  }

  /// The first octets of a file, which say that it has `length`.
  struct Header {
    var octets: [UInt8]
    var length: UInt64
  }

  enum Kind { case create, append, write, finish, remove }

  enum Owner {
    case journal
    case recording(RecordingID)
  }

  /// No more is put into one.
  private static let limit = 1 << 20

  let owner: Owner
  let file: DiskFile
  let kind: Kind
  /// As the loop counts them.
  private(set) var octets: Int
  private let lock: DiskLock
  // Guarded by the lock until it is taken up.
  private var data: [UInt8] = []
  private var offset: UInt64 = 0
  private var header: Header?
  /// The loop is woken when it is done.
  private var isAwaited: Bool
  private var isTakenUp = false
  private(set) var hasFailed = false

  init(_ work: Work, _ file: DiskFile, of owner: Owner, isAwaited: Bool, _ lock: DiskLock) {
    self.owner = owner
    self.file = file
    self.lock = lock
    octets = work.octets
    switch work {
    case .create(let octets): (kind, data) = (.create, octets)
    case .append(let octets): (kind, data) = (.append, octets)
    case .write(let octets, let place): (kind, data, offset) = (.write, octets, place)
    case .header(let last): (kind, header) = (.write, last)
    case .finish(let last): (kind, header) = (.finish, last)
    case .remove: kind = .remove
    }
    self.isAwaited = isAwaited
  }

  /// Nothing comes after it, and somebody is to be told.
  var isLast: Bool { kind == .finish || kind == .remove }

  /// What is to follow becomes a part of it; false: it was taken up, or the two are not one.
  func add(_ more: Work, isAwaited: Bool) -> Bool {
    lock.hold {
      guard !isTakenUp, canTake(more) else { return false }
      switch more {
      case .append(let octets), .write(let octets, _):
        if data.isEmpty, case .write(_, let place) = more { offset = place }
        data += octets
        self.octets += octets.count
      case .header(let last):
        self.octets += header == nil ? last.octets.count : 0
        header = last
      case .create, .finish, .remove: return false
      }
      self.isAwaited = self.isAwaited || isAwaited
      return true
    }
  }

  private func canTake(_ more: Work) -> Bool {
    guard data.count + more.octets <= DiskJob.limit else { return false }
    switch (kind, more) {
    case (.append, .append), (.write, .header): return true
    case (.write, .write(_, let place)):
      return data.isEmpty || place == offset &+ UInt64(data.count)
    case (.create, _), (.append, _), (.write, _), (.finish, _), (.remove, _): return false
    }
  }

  /// Whether the loop is to be woken. Once: what the thread did not come to is run when it has ended.
  func run() -> Bool {
    let isNew = lock.hold {
      defer { isTakenUp = true }
      return !isTakenUp
    }
    guard isNew else { return false }
    hasFailed = !file.perform(kind, data, at: offset, header)
    data = []
    header = nil
    return isAwaited || isLast || hasFailed
  }
}
