import RCMLBasics
import RCMLDial

/// All lines of the host's: beside the user agent, what the dialogs are inside it.
final class HostLines {
  private var lines: [HostLineID: HostLine] = [:]
  private var nextNumber: UInt64 = 1
  /// Lines that wait for the way to where their sound is.
  private var routes: [SocketAddress: [HostLineID]] = [:]
  private var events = HandoverQueue<(line: HostLineID, event: LineEvent)>()
  private let outputs: OutputQueue

  init(outputs: OutputQueue) { self.outputs = outputs }

  subscript(id: HostLineID) -> HostLine? { lines[id] }

  func add(_ line: HostLine) -> HostLineID {
    defer { nextNumber += 1 }
    let id = HostLineID(number: nextNumber)
    lines[id] = line
    return id
  }

  func popEvent() -> (line: HostLineID, event: LineEvent)? { events.popFirst() }

  // MARK: what is to be done with a line

  /// What the host is to be told is told at once: it must stand before the end of the call.
  func perform(_ command: HostLineCommand, on id: HostLineID) {
    guard let line = lines[id] else { return }
    finish(line.handle(command), of: id, line)
  }

  /// False: the host cannot say this now.
  func hear(_ report: HostPartyReport, on id: HostLineID) -> Bool {
    guard let line = lines[id], let effects = line.handle(report) else { return false }
    finish(effects, of: id, line)
    return true
  }

  /// A leg is called: the first that is told of it.
  func call(_ invite: HostInvite, on id: HostLineID) {
    if let line = lines[id] { tell(.call(invite), to: line) }
  }

  private func finish(
    _ effects: [HostLineMachine.Effect], of id: HostLineID, _ line: HostLine
  ) {
    for effect in effects {
      switch effect {
      case .tell(let action): tell(action, to: line)
      case .happened(let event): events.append((id, event))
      }
    }
    if line.isEnded { lines[id] = nil }
  }

  private func tell(_ action: HostAction, to line: HostLine) {
    if let ready = line.ready(action) { outputs.tell(.onCall(line.call, .host(line.party, ready))) }
  }

  // MARK: the way to a party

  /// We listen on every address: which one leads to where the party's sound is must be asked. `remote`: nil or a
  /// wildcard = it is on this machine.
  func findWay(to id: HostLineID, at remote: SocketAddress?) {
    guard let line = lines[id], line.shown == nil else { return }
    guard let remote, !remote.isWildcard else { return routeFound(to: line, local: .loopback) }
    routes[remote, default: []].append(id)
    outputs.append(.network(.findRoute(to: remote)))
  }

  func routeFound(to destination: SocketAddress, local: SocketAddress) {
    guard !routes.isEmpty else { return }
    for id in routes.removeValue(forKey: destination) ?? [] {
      if let line = lines[id] { routeFound(to: line, local: local) }
    }
  }

  private func routeFound(to line: HostLine, local: SocketAddress) {
    for action in line.routeFound(local: local) {
      outputs.tell(.onCall(line.call, .host(line.party, action)))
    }
  }
}
