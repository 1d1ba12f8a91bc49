import RCMLBasics
import RCMLDial
import RCMLSIP
import Testing

@testable import RCMLAgent

/// INFO between the parties of a call (spec U-25, U-26).
struct PassingTests {
  private func say(_ world: AgentWorld, _ caller: Phone, cseq: Int) {
    world.info(caller, "text/plain", "hello", cseq: cseq)
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
