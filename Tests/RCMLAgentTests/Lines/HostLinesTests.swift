import RCMLBasics
import RCMLDial
import RCMLSIP
import Testing

@testable import RCMLAgent

/// What a party of the host's is told while the way to its sound is being found out.
struct HostLinesTests {
  private let outputs = OutputQueue()

  private func line(of lines: HostLines) -> HostLineID {
    let line = lines.add(
      HostLine(.caller, of: CallNumber(1), media: .sdp, bringsOffer: true, shown: nil))
    lines[line]?.placeMedia()
    return line
  }

  /// What the host was told since the last time.
  private func told() -> [HostAction] {
    var actions: [HostAction] = []
    while let output = outputs.popFirst() {
      if case .tell(.onCall(CallNumber(1), .host(.caller, let action))) = output {
        actions.append(action)
      }
    }
    return actions
  }

  @Test func whatEndsAPartyIsToldThoughWhatWasBeforeItStillWaits() {
    for (command, expected) in [
      (
        HostLineCommand.reject(code: 603, phrase: "No", Reason(.hostRejected)),
        HostAction.reject(code: 603, phrase: "No", Reason(.hostRejected))
      ), (.end(Reason(.stoppedByHost)), .hangUp(Reason(.stoppedByHost))),
    ] {
      let lines = HostLines(outputs: outputs)
      let line = line(of: lines)
      lines.findWay(to: line, at: SocketAddress(ipv4: 0x0a00_0001, port: 4_000))
      lines.perform(.ring(code: 183, sdp: [1]), on: line)
      #expect(told() == [])
      lines.perform(command, on: line)
      #expect(told() == [expected])
      #expect(lines[line] == nil)
      lines.routeFound(to: SocketAddress(ipv4: 0x0a00_0001, port: 4_000), local: .loopback)
      #expect(told() == [])
    }
  }

  @Test func whatWaitedComesInItsOrderWhenTheWayIsFound() {
    let lines = HostLines(outputs: outputs)
    let line = line(of: lines)
    let place = SocketAddress(ipv4: 0x0a00_0001, port: 4_000)
    lines.findWay(to: line, at: place)
    lines.perform(.ring(code: 180, sdp: []), on: line)
    lines.perform(.ring(code: 181, sdp: []), on: line)
    #expect(told() == [])
    lines.routeFound(to: place, local: .loopback)
    #expect(told() == [.ring(code: 180, sdp: []), .ring(code: 181, sdp: [])])
  }
}
