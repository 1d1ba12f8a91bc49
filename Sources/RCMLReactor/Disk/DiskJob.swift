import RCMLMedia

/// One thing that is to be done with a file. While it waits the loop may add to it, so that a slow disk is asked for few
/// large things instead of many small ones; once the disk's thread has taken it up it is that thread's until it comes back.
final class DiskJob {
  enum Work {
    /// A new file that begins so.
    case create([UInt8])
    case append([UInt8])
    /// What a full disk did not take: once more.
    case retry([UInt8])
    /// The file is put aside, and a new one begins with the first of these.
    case beginAnew([UInt8], [UInt8])
    case write([UInt8], at: UInt64)
    case header(Header)
    /// Nothing more comes; the last header, if it was not written yet.
    case finish(Header?)
    /// Nobody wants it.
    case remove

    var octets: Int {
      switch self {
      case .create(let octets), .append(let octets), .retry(let octets), .write(let octets, _):
        octets.count
      case .beginAnew(let beginning, let octets): beginning.count + octets.count
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

  enum Kind: Equatable {
    case create, append, retry, write, finish, remove
    /// So many of its octets only the first of a file can be.
    case beginAnew(beginning: Int)
  }

  enum Owner {
    case journal
    case recording(RecordingID)
  }

  /// No more is put into one.
  private static let limit = 1 << 20

  let owner: Owner
  let file: DiskFile
  let kind: Kind
  /// Octets its disk is to keep free.
  private let reserve: Int
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

  init(
    _ work: Work, _ file: DiskFile, of owner: Owner, reserve: Int, isAwaited: Bool, _ lock: DiskLock
  ) {
    self.reserve = reserve
    self.owner = owner
    self.file = file
    self.lock = lock
    octets = work.octets
    switch work {
    case .create(let octets): (kind, data) = (.create, octets)
    case .append(let octets): (kind, data) = (.append, octets)
    case .retry(let octets): (kind, data) = (.retry, octets)
    case .beginAnew(let first, let octets):
      (kind, data) = (.beginAnew(beginning: first.count), first + octets)
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
      case .create, .retry, .beginAnew, .finish, .remove: return false
      }
      self.isAwaited = self.isAwaited || isAwaited
      return true
    }
  }

  private func canTake(_ more: Work) -> Bool {
    guard data.count + more.octets <= DiskJob.limit else { return false }
    switch (kind, more) {
    case (.append, .append), (.beginAnew, .append), (.write, .header): return true
    case (.write, .write(_, let place)):
      return data.isEmpty || place == offset &+ UInt64(data.count)
    case (.create, _), (.append, _), (.retry, _), (.beginAnew, _), (.write, _), (.finish, _),
      (.remove, _):
      return false
    }
  }

  /// What it was to write, when it has come back.
  var unwritten: [UInt8] { data }

  /// Whether the loop is to be woken. Once: what the thread did not come to is run when it has ended.
  ///
  /// Nothing is asked of malloc here, and nothing given back: a thread that does gets 64 MiB of addresses of its own for
  /// ever. What was written goes with the job, in the loop.
  func run() -> Bool {
    let isNew = lock.hold {
      defer { isTakenUp = true }
      return !isTakenUp
    }
    guard isNew else { return false }
    hasFailed = !file.perform(kind, data, at: offset, header, reserve: reserve)
    // Where no file was begun anew, what follows is to go on in the old one.
    if hasFailed, !file.isEmpty, case .beginAnew(let beginning) = kind {
      data.removeFirst(beginning)
    }
    return isAwaited || isLast || hasFailed
  }
}
