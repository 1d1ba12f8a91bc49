import RCMLBasics

extension Archive {
  func output(_ x: Output?) throws(Damage) -> Output {
    switch try kind(of: x) {
    case .network:
      let x = x.flatMap { if case .network(let output) = $0 { output } else { nil } }
      return .network(try networkOutput(x))
    case .names:
      let x = x.flatMap { if case .names(let command) = $0 { command } else { nil } }
      return .names(try nameCommand(x))
    case .web:
      let x = x.flatMap { if case .web(let a, let b) = $0 { (a, b) } else { nil } }
      return .web(try exchange(x?.0), try webCommand(x?.1))
    case .media:
      let x = x.flatMap { if case .media(let command) = $0 { command } else { nil } }
      return .media(try mediaCommand(x))
    case .tell:
      let x = x.flatMap { if case .tell(let event) = $0 { event } else { nil } }
      return .tell(try hostEvent(x))
    }
  }

  private func networkOutput(_ x: NetworkOutput?) throws(Damage) -> NetworkOutput {
    switch try kind(of: x) {
    case .send:
      let x = x.flatMap { if case .send(let a, let b, let c) = $0 { (a, b, c) } else { nil } }
      return .send(try listener(x?.0), to: try address(x?.1), bytes: try message(x?.2))
    case .openStream:
      let x = x.flatMap { if case .openStream(let a, let b) = $0 { (a, b) } else { nil } }
      return .openStream(try connection(x?.0), to: try address(x?.1))
    case .openSecured:
      let x = x.flatMap {
        if case .openSecured(let a, let b, let c) = $0 { (a, b, c) } else { nil }
      }
      return .openSecured(
        try connection(x?.0), to: try address(x?.1), domain: try octets(x?.2))
    case .sendStream:
      let x = x.flatMap { if case .sendStream(let a, let b) = $0 { (a, b) } else { nil } }
      return .sendStream(try connection(x?.0), bytes: try message(x?.1))
    case .closeStream:
      let x = x.flatMap { if case .closeStream(let id) = $0 { id } else { nil } }
      return .closeStream(try endedStream(x))
    case .closeListener:
      let x = x.flatMap { if case .closeListener(let id) = $0 { id } else { nil } }
      return .closeListener(try listener(x))
    case .findRoute:
      let x = x.flatMap { if case .findRoute(let destination) = $0 { destination } else { nil } }
      return .findRoute(to: try address(x))
    }
  }

  private func nameCommand(_ x: NameCommand?) throws(Damage) -> NameCommand {
    switch try kind(of: x) {
    case .addresses:
      let x = x.flatMap { if case .addresses(let a, let b) = $0 { (a, b) } else { nil } }
      return .addresses(try lookup(x?.0), host: try octets(x?.1))
    case .services:
      let x = x.flatMap { if case .services(let a, let b) = $0 { (a, b) } else { nil } }
      return .services(try lookup(x?.0), name: try octets(x?.1))
    case .pointers:
      let x = x.flatMap { if case .pointers(let a, let b) = $0 { (a, b) } else { nil } }
      return .pointers(try lookup(x?.0), name: try octets(x?.1))
    case .useServers:
      let x = x.flatMap { if case .useServers(let servers) = $0 { servers } else { nil } }
      return .useServers(try octets(x))
    }
  }

  private func webCommand(_ x: WebCommand?) throws(Damage) -> WebCommand {
    switch try kind(of: x) {
    case .begin:
      let x = x.flatMap { if case .begin(let exchange) = $0 { exchange } else { nil } }
      return .begin(try httpExchange(x))
    case .abort:
      return .abort
    }
  }

  private func httpExchange(_ x: HTTPExchange?) throws(Damage) -> HTTPExchange {
    HTTPExchange(
      method: try text(x?.method), url: try url(x?.url), headers: try list(x?.headers, header),
      body: try octets(x?.body), connectTimeout: try interval(x?.connectTimeout),
      timeout: try interval(x?.timeout), bodyLimit: try signed(x?.bodyLimit),
      blocksPrivateAddresses: try flag(x?.blocksPrivateAddresses),
      verifiesTLS: try flag(x?.verifiesTLS), sound: try optional(x?.sound, sound))
  }
}

extension Output: Kinded {
  enum Kind: UInt8, CaseIterable {
    case network = 1
    case names = 2
    case web = 3
    case media = 4
    case tell = 5
  }

  var kind: Kind {
    switch self {
    case .network: .network
    case .names: .names
    case .web: .web
    case .media: .media
    case .tell: .tell
    }
  }
}

extension NetworkOutput: Kinded {
  enum Kind: UInt8, CaseIterable {
    case send = 1
    case openStream = 2
    case sendStream = 3
    case closeStream = 4
    case findRoute = 5
    case closeListener = 6
    case openSecured = 7
  }

  var kind: Kind {
    switch self {
    case .send: .send
    case .openStream: .openStream
    case .openSecured: .openSecured
    case .sendStream: .sendStream
    case .closeStream: .closeStream
    case .closeListener: .closeListener
    case .findRoute: .findRoute
    }
  }
}

extension NameCommand: Kinded {
  enum Kind: UInt8, CaseIterable {
    case addresses = 1
    case services = 2
    case pointers = 3
    case useServers = 4
  }

  var kind: Kind {
    switch self {
    case .addresses: .addresses
    case .services: .services
    case .pointers: .pointers
    case .useServers: .useServers
    }
  }
}

extension WebCommand: Kinded {
  enum Kind: UInt8, CaseIterable {
    case begin = 1
    case abort = 2
  }

  var kind: Kind {
    switch self {
    case .begin: .begin
    case .abort: .abort
    }
  }
}
