import CSystem
import RCMLBasics

/// Names on their way to addresses: c-ares, made at the first lookup.
struct NameLookups {
  enum Purpose: Hashable {
    case core(ResolutionID)
    case exchange(ExchangeID)
  }

  private let epoll: Int32
  private(set) var resolver: OpaquePointer?
  private var waiting: [UInt64: Purpose] = [:]
  private var last: UInt64 = 0

  init(epoll: Int32) { self.epoll = epoll }

  /// False: there can be no lookup. The answer may be there at once.
  mutating func start(_ purpose: Purpose, host: [UInt8]) -> Bool {
    guard !host.isEmpty, host.count <= 253, !host.contains(0) else { return false }
    if resolver == nil { resolver = system_names_create(epoll, Tag.names) }
    guard let resolver else { return false }
    last += 1
    waiting[last] = purpose
    String(decoding: host, as: UTF8.self).withCString { system_names_lookup(resolver, last, $0) }
    return true
  }

  /// The next answer, in the order in which they came.
  mutating func next() -> (Purpose, [SocketAddress])? {
    guard let resolver, !waiting.isEmpty else { return nil }
    var answer = system_name_answer()
    while system_names_next(resolver, &answer) {
      guard let purpose = waiting.removeValue(forKey: answer.id) else { continue }
      let count = Int(max(0, min(answer.count, SYSTEM_NAME_ADDRESSES)))
      let addresses = withUnsafeBytes(of: &answer.addresses) { room in
        room.bindMemory(to: system_address.self).prefix(count).map { SocketAddress($0) }
      }
      return (purpose, addresses)
    }
    return nil
  }

  func deadline(_ now: Instant) -> Instant {
    guard let resolver, !waiting.isEmpty else { return .distantFuture }
    let left = system_names_timeout(resolver)
    // A millisecond more: c-ares counts in whole ones, and we would come back in vain.
    return left == .max
      ? .distantFuture : now + Interval(nanoseconds: Int64(clamping: left) &+ 1_000_000)
  }

  mutating func close() {
    system_names_destroy(resolver)
    resolver = nil
    waiting = [:]
  }
}
