import RCMLBasics
import RCMLMedia
import Testing

@testable import RCMLAgent

/// Media is told which address of ours a party was told of, whatever the party and whatever its stream: its packets leave
/// from there (spec T-5, U-67).
struct DescribedOwnAddressTests {
  private let here = OwnAddress(shown: AgentWorld.place(5060), local: AgentWorld.place(5060))

  private func told(_ world: AgentWorld) -> [MediaID: [StreamDescription]] {
    SignallingTests.descriptions(world)
  }

  @Test func everyDescriptionOfEveryStreamSaysIt() {
    let (world, caller, _) = SignallingTests.bridged()
    // A re-INVITE that changes nothing.
    caller.offer(AgentWorld.offer)
    world.run(.seconds(1))
    let all = told(world).values.joined()
    #expect(told(world).count == 2 && all.count > 4)
    #expect(all.allSatisfy { $0.own == here })
  }

  @Test func behindANATTheListenersAddressStandsBesides() {
    let world = AgentWorld(settings: [("media", "anchored"), ("public_address", "203.0.113.1")])
    world.document(AgentWorld.dial(5081))
    _ = world.phone(5081, .answers())
    world.phone(5070).call(AgentWorld.offer)
    world.run(.seconds(2))
    let own = OwnAddress(
      shown: SocketAddress(ipv4: 0xcb00_7101, port: 0), local: AgentWorld.place(5060))
    #expect(told(world).count == 2)
    #expect(told(world).values.joined().allSatisfy { $0.own == own })
  }

  @Test func aStreamThatIsOpenedInTheMiddleOfACallHasItToo() {
    // The Dial goes from phone to phone; the document behind it plays.
    let world = AgentWorld()
    world.document("<Response><Dial>sip:b@127.0.0.1:5081</Dial><Say>x</Say></Response>")
    let callee = world.phone(5081, .answers())
    world.phone(5070).call(AgentWorld.offer)
    world.run(.seconds(2))
    callee.hangUp()
    world.run(.seconds(2))
    let described = told(world).values.joined().filter { $0.remote != nil }
    #expect(!described.isEmpty && described.allSatisfy { $0.own == here })
  }

  @Test func picturesLeaveFromThereToo() {
    let (world, _, _) = VideoTests.world(
      "<Dial>sip:b@127.0.0.1:5081</Dial>", settings: [("media", "anchored")])
    world.run(.seconds(2))
    let pictures = told(world).values.joined().filter(\.isUntouched)
    #expect(!pictures.isEmpty && pictures.allSatisfy { $0.own == here })
  }

  @Test func partiesOfTheHostsAreNoOthers() {
    let world = AgentWorld(settings: [("media", "anchored")])
    _ = world.phone(5081, .answers())
    world.hostCall(AgentWorld.dial(5081), media: .sdp, sdp: AgentWorld.offer)
    world.run(.seconds(2))
    let owns = Set(told(world).values.joined().map(\.own))
    // The host's party has no signalling that would come to an address.
    #expect(owns == [here, OwnAddress(shown: AgentWorld.place(5060), local: nil)])
  }

  // Nothing is sent to it any more.
  @Test func aCallerThatHasLeftHasNone() {
    let (world, caller, _) = SignallingTests.bridged()
    caller.hangUp()
    world.run(.seconds(1))
    #expect(told(world).values.contains { $0.last?.own == nil && $0.last?.remote == nil })
  }
}
