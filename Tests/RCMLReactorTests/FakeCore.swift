import RCMLAgent
import RCMLBasics
import RCMLMedia
import RCMLReactor

/// Stands where the agent stands: notes what it hears, says what a test wants said.
final class FakeCore: Core {
  /// Inputs with their octets copied, because those are lent.
  enum Heard {
    case started(entropy: [UInt8], WallClock)
    case listening(ListenerID, SocketAddress)
    case datagram(ListenerID, from: SocketAddress, local: SocketAddress, [UInt8])
    case datagramRefused(SocketAddress)
    case accepted(ConnectionID, local: SocketAddress, remote: SocketAddress)
    case secured(ConnectionID, String)
    case connected(ConnectionID)
    case failed(ConnectionID)
    case bytes(ConnectionID, [UInt8])
    case closed(ConnectionID)
    case resolved(ResolutionID, [SocketAddress])
    case unresolved(ResolutionID)
    case services(ResolutionID, [ServiceRecord])
    case pointers(ResolutionID, [PointerRecord])
    case route(SocketAddress)
    case answered(ExchangeID, HTTPAnswer)
    case exchangeFailed(ExchangeID, HTTPFailure)
    case media(MediaEvent)
    case overdue([UInt8])
    case memory(isFull: Bool)
    case timePassed
    case other
  }

  var journal: JournalWriter?
  var fileLimits = FileLimits()
  var streamSecurity = StreamSecurity()
  var mirrorTarget: MirrorTarget?
  var mirrored: [MirroredMessage] = []
  var heard: [Heard] = []
  /// Under which addresses listeners are known outside.
  private(set) var shown: [String] = []
  /// Why connections failed.
  private(set) var failures: [ConnectionID: NetworkFailure] = [:]
  var outputs: [Output] = []
  var nextDeadline: Deadline?
  var memoryLimit = 0
  var react: (Heard, FakeCore) -> Void = { _, _ in }
  private var said = 0

  func nextMirrored() -> MirroredMessage? { mirrored.isEmpty ? nil : mirrored.removeFirst() }

  func takeJournal() -> [UInt8] { journal?.takeOctets() ?? [] }

  func handle(_ input: Input, at now: Instant) {
    journal?.input(input, at: now)
    if let deadline = nextDeadline, deadline.instant <= now { nextDeadline = nil }
    if case .network(.listenerShown(_, let place)) = input {
      shown.append(String(decoding: place, as: UTF8.self))
    }
    if case .network(.streamFailed(let id, let failure)) = input { failures[id] = failure }
    let copy = FakeCore.copy(input)
    heard.append(copy)
    react(copy, self)
  }

  func perform(_ command: Command, at now: Instant) -> Result<CommandResult, Refusal> {
    .success(.done)
  }

  func nextOutput() -> Output? {
    guard said < outputs.count else { return nil }
    said += 1
    return outputs[said - 1]
  }

  private static func copy(_ input: Input) -> Heard {
    switch input {
    case .started(let entropy, let wall): .started(entropy: entropy, wall)
    case .network(.listening(let id, _, let local)): .listening(id, local)
    case .network(.datagram(let id, let from, let local, let bytes)):
      .datagram(id, from: from, local: local, Array(bytes))
    case .network(.datagramRefused(_, let to, _)): .datagramRefused(to)
    case .network(.streamAccepted(let id, _, let local, let remote)):
      .accepted(id, local: local, remote: remote)
    case .network(.streamSecured(let id, let names)):
      .secured(id, String(decoding: names, as: UTF8.self))
    case .network(.streamConnected(let id, _)): .connected(id)
    case .network(.streamFailed(let id, _)): .failed(id)
    case .network(.streamBytes(let id, let bytes)): .bytes(id, Array(bytes))
    case .network(.streamClosed(let id)): .closed(id)
    case .names(let id, .addresses(let addresses)): .resolved(id, addresses)
    case .names(let id, .failed): .unresolved(id)
    case .names(let id, .services(let records)): .services(id, records)
    case .names(let id, .pointers(let records)): .pointers(id, records)
    case .network(.routeFound(_, let local)): .route(local)
    case .web(let id, .answered(let answer)): .answered(id, answer)
    case .web(let id, .failed(let failure)): .exchangeFailed(id, failure)
    case .media(let event): .media(event)
    case .network(.datagramOverdue(_, _, _, let bytes)): .overdue(Array(bytes))
    case .memory(let isFull): .memory(isFull: isFull)
    case .timePassed: .timePassed
    default: .other
    }
  }
}

/// A reactor around a fake core.
struct Rig {
  let core = FakeCore()
  let reactor: Reactor

  init() throws { reactor = try Reactor(core: core) }

  /// Has the core say something, as if it had just thought of it.
  func say(_ outputs: Output...) throws {
    core.outputs += outputs
    _ = try reactor.perform(.drain)
  }

  /// Turns the loop until it is so; false: it was not for some seconds.
  func turn(until isSo: () throws -> Bool) throws -> Bool {
    let end = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < end {
      if try isSo() { return true }
      try reactor.wait(milliseconds: 10)
    }
    return false
  }

  /// Turns the loop until something was heard; at most some seconds.
  func hear<Found>(
    seconds: Int = 5, _ pick: (FakeCore.Heard) -> Found?
  ) throws -> Found? {
    for _ in 0..<(seconds * 50) {
      for (index, heard) in core.heard.enumerated() {
        if let found = pick(heard) {
          core.heard.remove(at: index)
          return found
        }
      }
      try reactor.wait(milliseconds: 20)
    }
    return nil
  }

  /// What came over that stream, until there is so much of it or nothing more comes.
  func read(_ count: Int, of id: ConnectionID) throws -> [UInt8] {
    var all: [UInt8] = []
    while all.count < count {
      let more = try hear { heard -> [UInt8]? in
        if case .bytes(id, let bytes) = heard { return bytes }
        return nil
      }
      guard let more else { break }
      all += more
    }
    return all
  }
}
