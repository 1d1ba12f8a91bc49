import CSystem
import RCMLBasics

/// Names on their way to addresses: c-ares, made at the first lookup.
struct NameLookups {
  enum Purpose: Hashable {
    case core(ResolutionID)
    case exchange(ExchangeID)
  }

  /// What is asked about a name.
  enum Kind {
    case addresses, services, pointers

    fileprivate var number: Int32 {
      switch self {
      case .addresses: Int32(SYSTEM_NAME_ADDRESS)
      case .services: Int32(SYSTEM_NAME_SERVICE)
      case .pointers: Int32(SYSTEM_NAME_POINTER)
      }
    }
  }

  /// None is empty.
  enum Found {
    case addresses([SocketAddress])
    case services([ServiceRecord])
    case pointers([PointerRecord])
    case nothing(NameFailure)
  }

  private let epoll: Int32
  private var resolver: OpaquePointer?
  private var servers = ""
  private var waiting: [UInt64: Purpose] = [:]
  private var last: UInt64 = 0

  init(epoll: Int32) { self.epoll = epoll }

  /// Other servers from now on; what they have not answered yet has failed.
  mutating func use(servers: [UInt8]) {
    self.servers = String(decoding: servers, as: UTF8.self)
    if let resolver { _ = self.servers.withCString { system_names_use(resolver, $0) } }
  }

  /// False: there can be no lookup. The answer may be there at once.
  mutating func start(_ purpose: Purpose, _ kind: Kind = .addresses, host: [UInt8]) -> Bool {
    guard !host.isEmpty, host.count <= 253, !host.contains(0) else { return false }
    if resolver == nil {
      resolver = servers.withCString { system_names_create(epoll, Tag.names, $0) }
    }
    guard let resolver else { return false }
    last += 1
    let isAsked = String(decoding: host, as: UTF8.self).withCString {
      system_names_lookup(resolver, last, kind.number, $0)
    }
    if isAsked { waiting[last] = purpose }
    return isAsked
  }

  /// One of its sockets is ready. False: there is nothing to be looked up.
  func ready(_ socket: Int32, _ events: UInt32) -> Bool {
    guard let resolver else { return false }
    system_names_ready(resolver, socket, events)
    return true
  }

  /// False: nobody waits for anything.
  func timePassed(_ now: Instant) -> Bool {
    guard let resolver, deadline(now) != .distantFuture else { return false }
    system_names_time_passed(resolver)
    return true
  }

  /// The next answer, in the order in which they came.
  mutating func next() -> (Purpose, Found)? {
    guard let resolver, !waiting.isEmpty else { return nil }
    var answer = system_name_answer()
    while system_names_next(resolver, &answer) {
      guard let purpose = waiting.removeValue(forKey: answer.id) else { continue }
      return (purpose, NameLookups.found(&answer))
    }
    return nil
  }

  private static func failure(_ number: Int32) -> NameFailure {
    switch Int(number) {
    case Int(SYSTEM_NAME_UNKNOWN): .unknown
    case Int(SYSTEM_NAME_EMPTY): .empty
    case Int(SYSTEM_NAME_SILENT): .silent
    default: .other  // numbers, not cases
    }
  }

  private static func found(_ answer: inout system_name_answer) -> Found {
    guard answer.count > 0 else { return .nothing(failure(answer.failure)) }
    if answer.kind == Int32(SYSTEM_NAME_ADDRESS) {
      let count = Int(max(0, min(answer.count, SYSTEM_NAME_ADDRESSES)))
      return withUnsafeBytes(of: &answer.addresses) { room in
        .addresses(
          room.bindMemory(to: system_address.self).prefix(count).map { SocketAddress($0) })
      }
    }
    let isService = answer.kind == Int32(SYSTEM_NAME_SERVICE)
    let count = Int(max(0, min(answer.count, SYSTEM_NAME_RECORDS)))
    return withUnsafeBytes(of: &answer.records) { room in
      let records = room.bindMemory(to: system_name_record.self).prefix(count)
      return isService ? .services(records.map(service)) : .pointers(records.map(pointer))
    }
  }

  private static func service(_ record: system_name_record) -> ServiceRecord {
    ServiceRecord(
      priority: record.first, weight: record.second, port: record.port,
      target: withUnsafeBytes(of: record.name, text))
  }

  private static func pointer(_ record: system_name_record) -> PointerRecord {
    PointerRecord(
      order: record.first, preference: record.second,
      flags: withUnsafeBytes(of: record.flags, text),
      service: withUnsafeBytes(of: record.service, text),
      replacement: withUnsafeBytes(of: record.name, text))
  }

  /// Up to the zero. The root, which c-ares writes as nothing or as a dot, is empty.
  private static func text(_ room: UnsafeRawBufferPointer) -> [UInt8] {
    let text = Array(room.prefix { $0 != 0 })
    return text == [UInt8(ascii: ".")] ? [] : text
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
