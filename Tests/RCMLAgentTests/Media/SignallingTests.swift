import RCMLBasics
import RCMLMedia
import Testing

@testable import RCMLAgent

/// What media is told of where a party's signalling comes from, and what the host is told where that says nothing
/// (spec U-67).
struct SignallingTests {
  static func bridged() -> (world: AgentWorld, caller: Phone, callee: Phone) {
    let world = AgentWorld(settings: [("media", "anchored"), ("media_timeout", "60")])
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.script.media = AgentWorld.offer
    caller.call()
    world.run(.seconds(2))
    return (world, caller, callee)
  }

  static func descriptions(_ world: AgentWorld) -> [MediaID: [StreamDescription]] {
    var found: [MediaID: [StreamDescription]] = [:]
    for case .describe(let id, let description) in world.media.commands {
      found[id, default: []].append(description)
    }
    return found
  }

  @Test func everyDescriptionHasTheAddressThatTheSignallingComesFrom() throws {
    let (world, _, _) = Self.bridged()
    let told = Self.descriptions(world)
    #expect(told.count == 2)
    let signalling = told.mapValues { Set($0.map(\.sender.signalling)) }
    #expect(
      Set(signalling.values) == [[AgentWorld.place(5070)], [AgentWorld.place(5081)]])
  }

  // A re-INVITE with the same SDP is a new word of the party; what the call does by itself is none.
  @Test func anEditionIsAWordOfThePartyAndNothingElse() throws {
    let (world, caller, _) = Self.bridged()
    let ofCaller = { (world: AgentWorld) in
      Self.descriptions(world).values.first { $0.last?.remote?.port == 4000 } ?? []
    }
    let before = ofCaller(world)
    #expect(before.count > 1)
    #expect(Set(before.map(\.sender.edition)).count == 1)
    caller.offer(AgentWorld.offer)
    world.run(.seconds(1))
    let after = try #require(ofCaller(world).last)
    #expect(after.sender.edition == (before.last?.sender.edition ?? 0) + 1)
  }

  @Test func aSecondSenderIsAFindingThatSaysWhose() throws {
    let (world, _, _) = Self.bridged()
    let stream = try #require(
      Self.descriptions(world).first { $0.value.last?.remote?.port == 4000 }?.key)
    world.agent.handle(.media(.contested(stream)), at: world.now)
    world.run(.milliseconds(10))
    let finding = try #require(world.findings.first { $0.code == .secondSender })
    #expect(finding.severity == .warning)
    #expect(finding.text.contains("the caller's"))
    world.agent.handle(.media(.contested(MediaID(99))), at: world.now)
    world.run(.milliseconds(10))
    #expect(world.findings.count { $0.code == .secondSender } == 1)
  }
}
