import CSystem
import RCMLAgent
import RCMLBasics

/// libcurl as the exchanges of one loop use it. A thread loads it when the first of them comes: that takes a while, and the
/// loop serves others meanwhile (attack N3).
enum WebLibrary {
  /// What came before it was loaded.
  struct Waiting {
    let id: ExchangeID
    let exchange: HTTPExchange
    let given: Instant
  }

  case unloaded
  /// The descriptor is woken when it is there, or there is none.
  case loading(Int32, [Waiting])
  case loaded(OpaquePointer)
  /// This machine has none.
  case absent

  var curl: OpaquePointer? {
    if case .loaded(let curl) = self { return curl }
    return nil
  }

  var waiting: [Waiting] {
    if case .loading(_, let waiting) = self { return waiting }
    return []
  }

  /// False: it is being loaded.
  mutating func load(on epoll: Int32) -> Bool {
    switch self {
    case .loaded, .absent: return true
    case .loading: return false
    case .unloaded:
      let event = system_wake_create()
      if event >= 0, system_epoll_set(epoll, event, 1, Tag.make(Tag.http, UInt64(event))) == 0,
        !system_http_load(event)
      {
        self = .loading(event, [])
        return false
      }
      // It is there already, or there is no descriptor to wait with.
      if event >= 0 { leave(event, epoll) }
      open(epoll)
      return true
    }
  }

  mutating func add(_ new: Waiting) {
    guard case .loading(let event, var waiting) = self else { return }
    // Or they would all be copied.
    self = .unloaded
    waiting.append(new)
    self = .loading(event, waiting)
  }

  /// True: it waited.
  mutating func forget(_ id: ExchangeID) -> Bool {
    guard case .loading(let event, let waiting) = self,
      let place = waiting.firstIndex(where: { $0.id == id })
    else { return false }
    var rest = waiting
    rest.remove(at: place)
    self = .loading(event, rest)
    return true
  }

  /// What waited, once it is loaded; nil: the descriptor is another's.
  mutating func loaded(_ descriptor: Int32, on epoll: Int32) -> [Waiting]? {
    guard case .loading(descriptor, let waiting) = self else { return nil }
    leave(descriptor, epoll)
    open(epoll)
    return waiting
  }

  private mutating func open(_ epoll: Int32) {
    self = system_http_create(epoll, Tag.http).map { .loaded($0) } ?? .absent
  }

  private func leave(_ event: Int32, _ epoll: Int32) {
    system_epoll_remove(epoll, event)
    system_close(event)
  }

  mutating func close() {
    switch self {
    case .unloaded, .absent: break
    case .loading(let event, _):
      system_http_load_leave(event)
      system_close(event)
    case .loaded(let curl): system_http_destroy(curl)
    }
    self = .unloaded
  }
}
