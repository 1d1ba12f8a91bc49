import RCMLAgent
import RCMLBasics
import Testing

@testable import Simulator

/// T-7 … T-9: the worlds of other tests, with TLS where they have TCP.
@Suite struct SecuredSeedTests {
  /// All invariants hold, peers that are somebody else are called by nobody, and nothing goes out plain instead.
  @Test func aDowngradeNeverPasses() throws {
    var connections = 0
    var refusals = 0
    for seed in UInt64(0)..<200 {
      let world = World(seed: seed, journals: seed % 20 == 0, isSecured: true)
      let outcome = world.run()
      #expect(outcome.violation == nil, "seed \(seed): \(String(describing: outcome.violation))")
      connections += world.securedConnections
      refusals += world.securedRefusals
      if seed % 20 == 0 { #expect(try Replay.run(outcome.journal).difference == nil) }
    }
    #expect(connections > 20 && refusals > 0)
  }

  /// The check itself: a lie is named.
  @Test func whatGoesOutPlainIsNoticed() {
    let world = World(seed: 1, isSecured: true)
    world.checkSecured(Array("BYE sip:a@h;transport=tls SIP/2.0\r\n".utf8), false)
    #expect(world.watch.violation?.invariant == .downgrade)
    let other = World(seed: 1, isSecured: true)
    other.checkSecured(Array("BYE sip:a@h;transport=tls SIP/2.0\r\n".utf8), true)
    #expect(other.watch.violation == nil)
  }
}
