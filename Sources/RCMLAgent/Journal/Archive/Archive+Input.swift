import RCMLBasics

extension Archive {
  /// Octets of an input that was read point into the journal.
  func input(_ x: Input?) throws(Damage) -> Input {
    switch try kind(of: x) {
    case .started:
      let x = x.flatMap { if case .started(let a, let b) = $0 { (a, b) } else { nil } }
      return .started(entropy: try octets(x?.0), wall: try wall(x?.1))
    case .wallClock:
      let x = x.flatMap { if case .wallClock(let wall) = $0 { wall } else { nil } }
      return .wallClock(try wall(x))
    case .network:
      let x = x.flatMap { if case .network(let input) = $0 { input } else { nil } }
      return .network(try networkInput(x))
    case .names:
      let x = x.flatMap { if case .names(let a, let b) = $0 { (a, b) } else { nil } }
      return .names(try lookup(x?.0), try nameAnswer(x?.1))
    case .web:
      let x = x.flatMap { if case .web(let a, let b) = $0 { (a, b) } else { nil } }
      return .web(try exchange(x?.0), try webAnswer(x?.1))
    case .media:
      let x = x.flatMap { if case .media(let event) = $0 { event } else { nil } }
      return .media(try mediaEvent(x))
    case .timePassed:
      return .timePassed
    case .memory:
      let x = x.flatMap { if case .memory(let isFull) = $0 { isFull } else { nil } }
      return .memory(isFull: try flag(x))
    }
  }

  private func networkInput(_ x: NetworkInput?) throws(Damage) -> NetworkInput {
    switch try kind(of: x) {
    case .listening:
      let x = x.flatMap {
        if case .listening(let a, let b, let c) = $0 { (a, b, c) } else { nil }
      }
      return .listening(try listener(x?.0), try raw(x?.1), local: try address(x?.2))
    case .listenerClosed:
      let x = x.flatMap { if case .listenerClosed(let id) = $0 { id } else { nil } }
      return .listenerClosed(try listener(x))
    case .listenerLeaves:
      let x = x.flatMap { if case .listenerLeaves(let id) = $0 { id } else { nil } }
      return .listenerLeaves(try listener(x))
    case .datagram:
      let x = x.flatMap {
        if case .datagram(let a, let b, let c, let d) = $0 { (a, b, c, d) } else { nil }
      }
      return .datagram(
        try listener(x?.0), from: try address(x?.1), local: try address(x?.2),
        bytes: try message(x?.3))
    case .datagramOverdue:
      let x = x.flatMap {
        if case .datagramOverdue(let a, let b, let c, let d) = $0 { (a, b, c, d) } else { nil }
      }
      return .datagramOverdue(
        try listener(x?.0), from: try address(x?.1), local: try address(x?.2),
        bytes: try message(x?.3))
    case .datagramRefused:
      let x = x.flatMap {
        if case .datagramRefused(let a, let b, let c) = $0 { (a, b, c) } else { nil }
      }
      return .datagramRefused(try listener(x?.0), to: try address(x?.1), try raw(x?.2))
    case .streamAccepted:
      let x = x.flatMap {
        if case .streamAccepted(let a, let b, let c, let d) = $0 { (a, b, c, d) } else { nil }
      }
      return .streamAccepted(
        try connection(x?.0), try listener(x?.1), local: try address(x?.2),
        remote: try address(x?.3))
    case .streamSecured:
      let x = x.flatMap { if case .streamSecured(let a, let b) = $0 { (a, b) } else { nil } }
      return .streamSecured(try connection(x?.0), peer: try octets(x?.1))
    case .streamConnected:
      let x = x.flatMap { if case .streamConnected(let a, let b) = $0 { (a, b) } else { nil } }
      return .streamConnected(try connection(x?.0), local: try address(x?.1))
    case .streamFailed:
      let x = x.flatMap { if case .streamFailed(let a, let b) = $0 { (a, b) } else { nil } }
      return .streamFailed(try endedStream(x?.0), try raw(x?.1))
    case .streamBytes:
      let x = x.flatMap { if case .streamBytes(let a, let b) = $0 { (a, b) } else { nil } }
      let id = try connection(x?.0)
      return .streamBytes(id, bytes: try piece(x?.1, of: id))
    case .streamClosed:
      let x = x.flatMap { if case .streamClosed(let id) = $0 { id } else { nil } }
      return .streamClosed(try endedStream(x))
    case .routeFound:
      let x = x.flatMap { if case .routeFound(let a, let b) = $0 { (a, b) } else { nil } }
      return .routeFound(to: try address(x?.0), local: try address(x?.1))
    case .listenerShown:
      let x = x.flatMap { if case .listenerShown(let a, let b) = $0 { (a, b) } else { nil } }
      return .listenerShown(try listener(x?.0), as: try octets(x?.1))
    }
  }

  private func nameAnswer(_ x: NameAnswer?) throws(Damage) -> NameAnswer {
    switch try kind(of: x) {
    case .addresses:
      let x = x.flatMap { if case .addresses(let list) = $0 { list } else { nil } }
      return .addresses(try list(x, address))
    case .services:
      let x = x.flatMap { if case .services(let list) = $0 { list } else { nil } }
      return .services(try list(x, service))
    case .pointers:
      let x = x.flatMap { if case .pointers(let list) = $0 { list } else { nil } }
      return .pointers(try list(x, pointer))
    case .failed:
      let x = x.flatMap { if case .failed(let failure) = $0 { failure } else { nil } }
      return .failed(try raw(x))
    }
  }

  private func service(_ x: ServiceRecord?) throws(Damage) -> ServiceRecord {
    ServiceRecord(
      priority: try number(x?.priority), weight: try number(x?.weight),
      port: try number(x?.port), target: try octets(x?.target))
  }

  private func pointer(_ x: PointerRecord?) throws(Damage) -> PointerRecord {
    PointerRecord(
      order: try number(x?.order), preference: try number(x?.preference),
      flags: try octets(x?.flags), service: try octets(x?.service),
      replacement: try octets(x?.replacement))
  }

  private func webAnswer(_ x: WebAnswer?) throws(Damage) -> WebAnswer {
    switch try kind(of: x) {
    case .answered:
      let x = x.flatMap { if case .answered(let answer) = $0 { answer } else { nil } }
      return .answered(
        HTTPAnswer(
          status: try number(x?.status), contentType: try text(x?.contentType),
          location: try url(x?.location), cacheFields: try list(x?.cacheFields, header),
          body: try document(x?.body), isPublic: try flag(x?.isPublic)))
    case .failed:
      let x = x.flatMap { if case .failed(let failure) = $0 { failure } else { nil } }
      return .failed(try raw(x))
    }
  }
}

extension Input: Kinded {
  enum Kind: UInt8, CaseIterable {
    case started = 1
    case wallClock = 2
    case network = 3
    case names = 4
    case web = 5
    case media = 6
    case timePassed = 7
    case memory = 8
  }

  var kind: Kind {
    switch self {
    case .started: .started
    case .wallClock: .wallClock
    case .network: .network
    case .names: .names
    case .web: .web
    case .media: .media
    case .timePassed: .timePassed
    case .memory: .memory
    }
  }
}

extension NetworkInput: Kinded {
  enum Kind: UInt8, CaseIterable {
    case listening = 1
    case listenerClosed = 2
    case datagram = 3
    case datagramRefused = 4
    case streamAccepted = 5
    case streamConnected = 6
    case streamFailed = 7
    case streamBytes = 8
    case streamClosed = 9
    case routeFound = 10
    case listenerShown = 11
    case datagramOverdue = 12
    case listenerLeaves = 13
    case streamSecured = 14
  }

  var kind: Kind {
    switch self {
    case .listening: .listening
    case .listenerClosed: .listenerClosed
    case .listenerLeaves: .listenerLeaves
    case .datagram: .datagram
    case .datagramRefused: .datagramRefused
    case .streamAccepted: .streamAccepted
    case .streamConnected: .streamConnected
    case .streamSecured: .streamSecured
    case .streamFailed: .streamFailed
    case .streamBytes: .streamBytes
    case .streamClosed: .streamClosed
    case .routeFound: .routeFound
    case .listenerShown: .listenerShown
    case .datagramOverdue: .datagramOverdue
    }
  }
}

extension NameAnswer: Kinded {
  enum Kind: UInt8, CaseIterable {
    case addresses = 1
    case services = 2
    case pointers = 3
    case failed = 4
  }

  var kind: Kind {
    switch self {
    case .addresses: .addresses
    case .services: .services
    case .pointers: .pointers
    case .failed: .failed
    }
  }
}

extension WebAnswer: Kinded {
  enum Kind: UInt8, CaseIterable {
    case answered = 1
    case failed = 2
  }

  var kind: Kind {
    switch self {
    case .answered: .answered
    case .failed: .failed
    }
  }
}
