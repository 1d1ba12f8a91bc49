import RCMLBasics
import RCMLDial
import RCMLMedia

/// The sounds that are there: where they are found again, who is about to play them, and which go when there are too many.
///
/// Whatever is done to one of them costs the same however many there are; only those that nobody is about to play are
/// walked through, and of those there are never more than a few over the bound.
struct SoundCopies {
  /// Where a copy is found again: everybody's, or that of one call.
  struct Place: Hashable {
    let key: SoundKey
    let call: CallNumber?
  }

  struct Copy {
    let id: SoundID
    let milliseconds: Int
    var policy: CachePolicy
    /// What was answered on the way to it, to be renewed; empty = not of the web.
    var path: [WebHop]
    /// nil = it is not found any more: whoever is about to play it does, and nobody after that.
    fileprivate(set) var place: Place?
    /// Performances that wait for another sound before they play it, and fetches that ask whether it still holds.
    fileprivate(set) var users = 0
  }

  private var copies: [SoundID: Copy] = [:]
  private var found: [Place: SoundID] = [:]
  private var ownOf: [CallNumber: [Place]] = [:]
  /// Those without users, the oldest first: numbers grow.
  private var idle: [SoundID] = []
  private(set) var milliseconds = 0
  private var forgotten: [SoundID] = []

  var count: Int { copies.count }

  subscript(id: SoundID) -> Copy? { copies[id] }

  subscript(place: Place) -> Copy? { found[place].flatMap { copies[$0] } }

  /// With one user; it is not found before it is moved to a place.
  mutating func add(
    _ id: SoundID, milliseconds length: Int, _ policy: CachePolicy, _ path: [WebHop]
  ) {
    copies[id] = Copy(id: id, milliseconds: length, policy: policy, path: path, users: 1)
    milliseconds += length
  }

  /// What the server has said about it since.
  mutating func renew(_ id: SoundID, _ policy: CachePolicy, _ path: [WebHop]) {
    copies[id]?.policy = policy
    copies[id]?.path = path
  }

  /// It is found there from now on, instead of whatever was; at no place it is found no more.
  mutating func move(_ id: SoundID, to place: Place?) {
    guard let copy = copies[id], copy.place != place else { return }
    retire(id)
    if let place { put(id, at: place) }
  }

  private mutating func put(_ id: SoundID, at place: Place) {
    if let other = found[place], other != id { retire(other) }
    found[place] = id
    copies[id]?.place = place
    if let call = place.call { ownOf[call, default: []].append(place) }
  }

  private mutating func retire(_ id: SoundID) {
    guard let place = copies[id]?.place else { return }
    copies[id]?.place = nil
    found[place] = nil
    if let call = place.call {
      ownOf[call]?.removeAll { $0 == place }
      if ownOf[call]?.isEmpty == true { ownOf[call] = nil }
    }
    if copies[id]?.users == 0 { forget(id) }
  }

  /// The call is over: nobody else may have what was for it alone.
  mutating func callEnded(_ call: CallNumber) {
    for place in ownOf[call] ?? [] {
      if let id = found[place] { retire(id) }
    }
  }

  // MARK: who uses them

  mutating func use(_ id: SoundID) {
    guard let users = copies[id]?.users else { return }
    copies[id]?.users = users + 1
    if users == 0, let index = idle.firstIndex(of: id) { idle.remove(at: index) }
  }

  mutating func unuse(_ id: SoundID) {
    guard let copy = copies[id], copy.users > 0 else { return }
    copies[id]?.users = copy.users - 1
    guard copy.users == 1 else { return }
    guard copy.place != nil else { return forget(id) }
    let index = idle.lastIndex { $0.number < id.number }.map { $0 + 1 } ?? 0
    idle.insert(id, at: index)
  }

  // MARK: room

  /// Those that nobody is about to play go, the oldest first, until it is not full any more.
  mutating func makeRoom(_ isFull: (SoundCopies) -> Bool) {
    while isFull(self), let oldest = idle.first { retire(oldest) }
  }

  private mutating func forget(_ id: SoundID) {
    guard let copy = copies.removeValue(forKey: id) else { return }
    milliseconds -= copy.milliseconds
    if let index = idle.firstIndex(of: id) { idle.remove(at: index) }
    forgotten.append(id)
  }

  /// Those that are not kept any more, to be forgotten by the engine, too.
  mutating func takeForgotten() -> [SoundID] {
    defer { forgotten = [] }
    return forgotten
  }
}
