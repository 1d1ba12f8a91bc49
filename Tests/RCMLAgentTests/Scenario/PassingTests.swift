import RCMLBasics
import RCMLDial
import RCMLSIP
import Testing

@testable import RCMLAgent

/// INFO between the parties of a call (spec U-25, U-26).
struct PassingTests {
  /// Sends an INFO of the caller inside its dialog with the agent.
  private func say(_ world: AgentWorld, _ caller: Phone, cseq: Int) {
    guard let answer = caller.message("SIP/2.0 200") else { return }
    func line(_ name: String) -> Substring {
      answer.split(separator: "\r\n").first { $0.hasPrefix(name + ":") } ?? ""
    }
    let info = """
      INFO sip:service@127.0.0.1:5060 SIP/2.0\r
      Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bKinfo\(cseq);rport\r
      \(line("From"))\r
      \(line("To"))\r
      \(line("Call-ID"))\r
      CSeq: \(cseq) INFO\r
      Max-Forwards: 70\r
      Content-Type: text/plain\r
      Content-Length: 5\r
      \r
      hello
      """
    world.arrive(.datagram(to: world.address, from: caller.address, Array(info.utf8)))
    world.run(.seconds(1))
  }

  @Test func bridgedPartiesHearEachOtherAndNobodyElseDoes() {
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081, then: "<Pause length=\"60\"/>"))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    #expect(caller.finalCode == 200)
    say(world, caller, cseq: 2)
    #expect(callee.message("INFO")?.hasSuffix("\r\n\r\nhello") == true)
    callee.hangUp()
    world.run(.seconds(1))
    say(world, caller, cseq: 3)
    #expect(callee.lines.filter { $0.hasPrefix("INFO") }.count == 1)
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet)
  }
}
